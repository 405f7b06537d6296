import { setTimeout as passed } from 'node:timers/promises';
import { startApp } from '../harness/app.mjs';

/** What an app does once it listens is over by then. */
const SETTLED_MS = 500;
/** Nothing is sent at the start. */
const NOWHERE = 'http://public@127.0.0.1:9/1';

export default {
  name: 'boot',
  title: 'the start, until the app listens, and half a second later',
  rounds: { quick: 3, full: 5 },
  figures: [
    { name: 'boot added, ms', of: 'bootMs', comparison: 'added', goal: 60 },
    { name: 'RSS added, MB', of: 'rssMb', comparison: 'added', goal: 8 },
  ],
  start: async (_surroundings, target) => {
    const app = await startApp(target, { dsn: NOWHERE });
    return {
      slice: () => undefined,
      finish: async () => {
        const bootCpuMs = (await app.ask('cpuUs')) / 1000;
        await passed(SETTLED_MS);
        const { rssBytes } = await app.ask('memory');
        return { bootMs: app.bootMs, insideMs: app.insideMs, bootCpuMs, rssMb: rssBytes / 2 ** 20 };
      },
      kill: () => app.kill(),
    };
  },
};
