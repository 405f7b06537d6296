// One process measures one contender once: what a capture of a typical error takes of the main thread, and allocates.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { typicalError } from './typical-error.mjs';

/** V8 has compiled what comes often by then. */
const WARM_UP = 2000;
const [, , name, count] = process.argv;
const { contender } = await import(`./${name}.mjs`);
const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-bench-'));
const makeError = typicalError(folder);
const subject = contender(folder);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Each capture in a piece of work of its own, a turn of the event loop apart; errors are made before.
 * `isReal` false leaves the captures out.
 */
async function captureAll(quantity, isReal = true) {
  const errors = Array.from({ length: quantity }, (_, id) => makeError(id));
  await nextTurn();
  global.gc();
  const heapBefore = process.memoryUsage().heapUsed;
  const before = performance.eventLoopUtilization();
  let syncMs = 0;
  for (const error of errors) {
    await nextTurn();
    subject.work(() => {
      subject.describe();
      const startMs = performance.now();
      if (isReal) subject.capture(error);
      syncMs += performance.now() - startMs;
    });
  }
  await subject.flush();
  const { active } = performance.eventLoopUtilization(before);
  return {
    mainMs: active / quantity,
    syncMs: syncMs / quantity,
    allocatedBytes: (process.memoryUsage().heapUsed - heapBefore) / quantity,
  };
}

try {
  await captureAll(WARM_UP);
  const around = await captureAll(Number(count), false);
  const before = subject.events();
  const result = await captureAll(Number(count));
  const lost = Number(count) - (subject.events() - before);
  const keys = ['mainMs', 'syncMs', 'allocatedBytes'];
  const own = Object.fromEntries(keys.map((key) => [key, result[key] - around[key]]));
  console.log(JSON.stringify({ ...own, lost }));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
