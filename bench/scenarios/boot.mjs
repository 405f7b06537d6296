import { setTimeout as passed } from 'node:timers/promises';
import { startApp } from '../harness/app.mjs';

/** What an app does once it listens is over by then. */
const SETTLED_MS = 500;

export default {
  name: 'boot',
  title: 'the start, until the app listens, and half a second later',
  rounds: { quick: 3, full: 5 },
  figures: [
    { name: 'boot added, ms', of: 'bootMs', comparison: 'added', goal: 60 },
    { name: 'RSS added, MB', of: 'rssMb', comparison: 'added', goal: 8 },
  ],
  measure: async ({ dsn }, target) => {
    const app = await startApp(target, { dsn });
    try {
      const bootCpuMs = (await app.ask('cpuUs')) / 1000;
      await passed(SETTLED_MS);
      const { rssBytes } = await app.ask('memory');
      return { bootMs: app.bootMs, insideMs: app.insideMs, bootCpuMs, rssMb: rssBytes / 2 ** 20 };
    } finally {
      await app.kill();
    }
  },
};
