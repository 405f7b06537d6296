import { CORES } from '../harness/cores.mjs';
import { start } from './surroundings.mjs';

const USUAL = { raven: true, clients: 1, routes: 0, maxDepth: 20, options: {} };
const USUAL_TASK = { crumbs: 0, depth: 10 };

/**
 * An app in a fresh process.
 *
 * @param config - what it differs in: `raven` false is bare Nest; `clients`, `routes`, `maxDepth` of its code,
 *   `options` of the module
 */
export async function startApp(config, { dsn, receiver, load }) {
  const own = { ...USUAL, ...config, dsn };
  const app = await start('app.mjs', {
    cores: CORES?.app,
    flags: ['--expose-gc'],
    env: { NODE_ENV: 'production', BENCH_GROWTH_APP: JSON.stringify(own) },
  });
  const { listening: port, bootCpuUs } = app.said;
  return {
    /** CPU of the process from making the app to listening, in microseconds. */
    bootCpuUs,

    /**
     * CPU microseconds of the app's process per request, delivery included.
     *
     * @throws Error where an event did not arrive
     */
    async cost({ fails, task, body, requests, connections = 20 }) {
      await receiver.ask('zero');
      await app.ask('begin', { ...USUAL_TASK, ...task });
      const [path, status] = fails ? ['/fails', 500] : ['/ok', 200];
      await load.ask('load', { port, path, body, status, requests, connections });
      const { cpuUs, stats } = await app.ask('end');
      const { items } = await receiver.ask('counts');
      const [expected, arrived] = [fails && own.raven ? requests : 0, items.event ?? 0];
      if (arrived !== expected)
        throw new Error(`${arrived} of ${expected} events arrived: ${JSON.stringify(stats)}`);
      return cpuUs / requests;
    },
    stop: () => app.kill(),
  };
}
