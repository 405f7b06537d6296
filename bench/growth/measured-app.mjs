import { fileURLToPath } from 'node:url';
import { startChild } from './child.mjs';
import { load } from './load.mjs';

const APP = fileURLToPath(new URL('app.mjs', import.meta.url));
const WITHOUT = { raven: true, clients: 1, routes: 0, maxDepth: 20, options: {} };
const WORK = { crumbs: 0, depth: 10 };

/**
 * An app in a fresh process.
 *
 * @param config - what it differs in: `raven` false is bare Nest; `clients`, `routes`, `maxDepth` of its code, `options` of the module
 * @param receiver - where its events go
 */
export async function startApp(config, receiver) {
  const dsn = `http://public@127.0.0.1:${receiver.ready.port}/1`;
  const app = await startChild(APP, [JSON.stringify({ ...WITHOUT, ...config, dsn })], {
    execArgv: ['--expose-gc'],
  });
  const isRaven = config.raven ?? true;
  return {
    /** CPU of the process from making the app to listening, in microseconds. */
    bootCpuUs: app.ready.bootCpuUs,

    /**
     * CPU microseconds of the app's process per request, delivery included.
     *
     * @throws Error where an event did not arrive
     */
    async cost({ fails, task, body, requests, connections = 20 }) {
      await app.ask({ begin: { task: { ...WORK, ...task } } });
      const { events: before } = await receiver.ask({});
      const path = fails ? '/fails' : '/ok';
      await load({ port: app.ready.port, path, body, status: fails ? 500 : 200, requests, connections });
      const { cpuUs, stats } = await app.ask({ end: true });
      const { events } = await receiver.ask({});
      const expected = fails && isRaven ? requests : 0;
      if (events - before !== expected)
        throw new Error(`${events - before} of ${expected} events arrived: ${JSON.stringify(stats)}`);
      return cpuUs / requests;
    },
    stop: () => app.stop(),
  };
}
