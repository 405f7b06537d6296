// npm run bench:events [-- --quick]: capture of a typical error by this package beside @sentry/node, by turns, each in
// fresh processes; medians, and the least and the most.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 1 : 5;
const CAPTURES = isQuick ? 300 : 1000;
const CONTENDERS = isQuick ? ['nestjs-raven'] : ['nestjs-raven', 'sentry-node'];
/** Where nothing is collected meanwhile, what the heap grows by is what was allocated. */
const WITHOUT_GC = ['--max-semi-space-size=1024', '--min-semi-space-size=1024'];

if (!isQuick && !existsSync(here('../peers/node_modules/@sentry/node'))) {
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: here('../peers'),
    stdio: 'inherit',
  });
}

function measure(name, flags, captures) {
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', ...flags, here('measure.mjs'), name, String(captures)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return JSON.parse(output.trim().split('\n').at(-1));
}

const results = Object.fromEntries(
  CONTENDERS.map((name) => [name, { mainMs: [], syncMs: [], kib: [], lost: 0 }]),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const name of CONTENDERS) {
    const { mainMs, syncMs, lost } = measure(name, [], CAPTURES);
    const { allocatedBytes } = measure(name, WITHOUT_GC, CAPTURES / 5);
    results[name].mainMs.push(mainMs);
    results[name].syncMs.push(syncMs);
    results[name].kib.push(allocatedBytes / 1024);
    results[name].lost += lost;
  }
}

const show = (values, digits) => {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
};
console.log(`Node ${process.version}; ${ROUNDS} rounds of ${CAPTURES} captures, 30 frames, warm caches`);
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, { mainMs, syncMs, kib, lost }]) => [
      name,
      {
        'main thread, ms': show(mainMs, 3),
        'of it within the call, ms': show(syncMs, 3),
        'allocated, KiB': show(kib, 0),
        'events lost': lost,
      },
    ]),
  ),
);
if (results['nestjs-raven'].lost > 0) process.exitCode = 1;
