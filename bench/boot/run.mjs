// npm run bench:boot [-- --quick]: starts of an app with this package and without, by turns, each in a process of its
// own; what it adds until the app listens, and to its memory; of what that is made; what an install adds.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { added, told } from './install-size.mjs';
import { installed } from './installed.mjs';
import { shown, spread } from './spread.mjs';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 15;
const TIMEOUT_MS = 60_000;
const DIGITS = { 'until it listens, ms': 0, 'CPU until then, ms': 0, 'CommonJS files': 0 };
const folders = installed();
const names = Object.keys(folders);

// What is read for the first time comes from the disk, and says nothing of the package.
for (const name of names) run(name, 'app.mjs');
const starts = byTurns(() => Object.fromEntries(names.map((name) => [name, figures(run(name, 'app.mjs'))])));
const parts = byTurns(() => {
  const { phases: bare } = run('bare', 'breakdown.mjs');
  const { phases, loaded } = run('nestjs-raven', 'breakdown.mjs');
  return { bare, phases, loaded };
});
const packages = added(folders);

const columns = Object.keys(starts[0].bare);
const table = Object.fromEntries(
  [...names.map((name) => [name, (round) => round[name]]), ['added', difference]].map(([name, of]) => [
    name,
    Object.fromEntries(columns.map((column) => [column, spread(starts.map((round) => of(round)[column]))])),
  ]),
);
console.log(`Node ${process.version}, NestJS 12 on Express; ${ROUNDS} rounds, medians (least–most)`);
console.table(transposed(table, (value, column) => shown(value, DIGITS[column] ?? 1)));

const breakdown = {
  'loading the package': spread(parts.map(({ phases }) => phases.load / 1000)),
  ...Object.fromEntries(
    Object.keys(parts[0].loaded).map((owner) => [
      `  of it ${owner} (${parts[0].loaded[owner].calls} calls)`,
      spread(parts.map(({ loaded }) => loaded[owner].us / 1000)),
    ]),
  ),
  'new RavenClient': spread(parts.map(({ phases }) => phases.client / 1000)),
  'RavenModule.forRoot': spread(parts.map(({ phases }) => phases.forRoot / 1000)),
  'creating the app and listening': spread(parts.map(({ bare, phases }) => (phases.app - bare.app) / 1000)),
  'axios, once the app listens': spread(
    parts.map(({ phases }) => phases['axios, once the app listens'] / 1000),
  ),
};
console.log('What it adds, part by part, CPU ms');
console.table(Object.fromEntries(Object.entries(breakdown).map(([part, value]) => [part, shown(value, 1)])));
console.log(told(packages));

const result = { node: process.version, rounds: ROUNDS, starts: table, breakdown, packages };
const to = process.argv.find((argument) => argument.startsWith('--json='))?.slice('--json='.length);
if (to) writeFileSync(to, `${JSON.stringify(result, undefined, 2)}\n`);
else console.log(JSON.stringify(result));

function run(name, script) {
  const output = execFileSync(process.execPath, ['--expose-gc', script, name], {
    cwd: folders[name],
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

function byTurns(round) {
  return Array.from({ length: ROUNDS }, round);
}

function figures({ wallMs, cpuUs, booted, settled, settlingCpuUs, files }) {
  return {
    'until it listens, ms': wallMs,
    'CPU until then, ms': cpuUs / 1000,
    'RSS then, MiB': booted.rssMiB,
    'heap then, MiB': booted.heapMiB,
    'CPU in the second after, ms': settlingCpuUs / 1000,
    'RSS after it, MiB': settled.rssMiB,
    'heap after it, MiB': settled.heapMiB,
    'CommonJS files': files,
  };
}

function difference({ bare, 'nestjs-raven': raven }) {
  return Object.fromEntries(Object.keys(bare).map((column) => [column, raven[column] - bare[column]]));
}

function transposed(rows, show) {
  return Object.fromEntries(
    columns.map((column) => [
      column,
      Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, show(values[column], column)])),
    ]),
  );
}
