import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { startChild } from './child.mjs';
import { CORES } from './cores.mjs';
import { install } from './npm.mjs';
import { BENCH } from './paths.mjs';

const HARNESS = join(BENCH, 'harness');
/** How soon all events must have arrived, from the end of the load on. */
const DELIVERY_MS = 30_000;
/** Nothing more is waited for when no event came for so long. */
const STALLED_MS = 1000;

/**
 * Starts what makes the load, a process beside the app's core.
 *
 * @returns `load`, `startReceiver` for each app, and `close`
 */
export async function startSurroundings() {
  if (!existsSync(join(HARNESS, 'node_modules/autocannon'))) await install(HARNESS);
  const load = await start('load.mjs');
  return { load, startReceiver, close: () => load.kill() };
}

/**
 * A receiver in a process of its own, so that what comes late from one app is not counted for another.
 *
 * @returns the child, its `dsn`, and `arrived`
 */
async function startReceiver() {
  const receiver = await start('receiver.mjs');
  return {
    ...receiver,
    dsn: `http://public@127.0.0.1:${receiver.said.listening}/1`,
    /** Waits until so many events have come, for 30 s at most. @returns whether they did */
    arrived: async (expected) => {
      const startMs = performance.now();
      let [seen, seenMs] = [-1, startMs];
      for (;;) {
        const { items } = await receiver.ask('counts');
        const nowMs = performance.now();
        const events = items.event ?? 0;
        if (events !== seen) [seen, seenMs] = [events, nowMs];
        if (events >= expected) return true;
        if (nowMs - startMs > DELIVERY_MS || nowMs - seenMs > STALLED_MS) return false;
        await passed(20);
      }
    },
  };
}

async function start(file) {
  let child;
  const said = new Promise((resolve) => {
    child = startChild(join(HARNESS, file), { cores: CORES?.others, onMessage: resolve });
  });
  return { ...child, said: await Promise.race([said, child.ended]) };
}
