// One process measures one contender once: what a capture of a typical error takes of the main thread and of all, or
// what it allocates. node --expose-gc measure.mjs <name>[ bare] <captures> [allocation|sites]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { allocatedBytes, allocationProfile } from '../allocated-bytes.mjs';
import { mainThreadCpuUs } from '../main-thread-cpu.mjs';
import { printSites } from './print-sites.mjs';
import { typicalError } from './typical-error.mjs';

/** V8 has compiled what comes often by then. */
const WARM_UP = 2000;
const [, , name, count, what = 'time'] = process.argv;
const [file, kind] = name.split(' ');
const quantity = Number(count);
const { contender } = await import(`./${file}.mjs`);
const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-bench-'));
const makeError = typicalError(folder);
const subject = contender(folder, { hasSourceLines: kind !== 'bare' });
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const makeErrors = () => Array.from({ length: quantity }, (_, id) => makeError(id));
let syncMs = 0;

/** Each capture in a piece of work of its own, a turn of the event loop apart; `isReal` false leaves captures out. */
async function captureAll(errors, isReal = true) {
  syncMs = 0;
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
}

/** Errors are made before. */
async function timed(isReal) {
  const errors = makeErrors();
  await nextTurn();
  global.gc();
  const cpu = process.cpuUsage();
  const main = mainThreadCpuUs();
  const loop = performance.eventLoopUtilization();
  await captureAll(errors, isReal);
  const { active } = performance.eventLoopUtilization(loop);
  const { user, system } = process.cpuUsage(cpu);
  const mainUs = main === undefined ? active * 1000 : mainThreadCpuUs() - main;
  return {
    cpuUs: (user + system) / quantity,
    mainUs: mainUs / quantity,
    syncUs: (syncMs * 1000) / quantity,
  };
}

async function measured() {
  if (what === 'time') {
    const around = await timed(false);
    const before = subject.events();
    const all = await timed(true);
    const own = Object.entries(all).map(([key, value]) => [key, value - around[key]]);
    return { ...Object.fromEntries(own), lost: quantity - (subject.events() - before) };
  }
  const errors = makeErrors();
  const before = subject.events();
  const capture = () => captureAll(errors);
  let bytes = 0;
  if (what === 'sites') printSites(await allocationProfile(capture), quantity);
  else bytes = (await allocatedBytes(capture)) / quantity;
  return { bytes, lost: quantity - (subject.events() - before) };
}

try {
  await captureAll(Array.from({ length: WARM_UP }, (_, id) => makeError(id)));
  console.log(JSON.stringify(await measured()));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
