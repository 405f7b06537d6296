// npm run bench:growth [-- --quick] [-- curve …]: how the cost of this package grows with what an app has much of, and
// whether any curve is worse than linear: then the process ends with 1. One file of results a curve, none of a quick look.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RESULTS } from '../harness/paths.mjs';
import { machine } from '../harness/machine.mjs';
import { curve as bodySize } from './curves/body-size.mjs';
import { curve as breadcrumbs } from './curves/breadcrumbs.mjs';
import { curve as clients } from './curves/clients.mjs';
import { curve as concurrency } from './curves/concurrency.mjs';
import { curve as routes } from './curves/routes.mjs';
import { curve as stackDepth } from './curves/stack-depth.mjs';
import { ALLOWANCE } from './linearity.mjs';
import { measureCurve } from './measure-curve.mjs';
import { startSurroundings } from './surroundings.mjs';

const CURVES = [breadcrumbs, stackDepth, bodySize, concurrency, routes, clients];
const { version: nestVersion } = createRequire(import.meta.url)('@nestjs/core/package.json');
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isQuick = process.argv.includes('--quick');
const unknown = names.filter((name) => !CURVES.some((curve) => curve.name === name));
if (unknown.length > 0)
  throw new Error(`no curve ${unknown.join(', ')}; there are ${CURVES.map(({ name }) => name).join(', ')}`);

/** On a machine of its own it takes a fifth of that. Children end with this process. */
const LIMIT_MINUTES = 30;
setTimeout(() => {
  console.error(`not done after ${LIMIT_MINUTES} minutes`);
  process.exit(1);
}, LIMIT_MINUTES * 60_000).unref();

const surroundings = await startSurroundings();
const failures = [];
mkdirSync(RESULTS, { recursive: true });
try {
  for (const curve of CURVES) {
    if (names.length > 0 && !names.includes(curve.name)) continue;
    const rounds = isQuick ? 1 : 3;
    const result = await measureCurve(curve, { rounds, surroundings, share: isQuick ? 0.25 : 1 });
    print(result);
    for (const { name, isLinear, limit, points } of result.series)
      if (isLinear === false)
        failures.push(`${curve.title}, ${name}: ${micros(points.at(-1).median)}, linear is ${micros(limit)}`);
    if (isQuick) continue;
    const about = { nest: nestVersion, machine: machine(), rounds, allowance: ALLOWANCE };
    writeFileSync(
      join(RESULTS, `growth-${curve.name}.json`),
      `${JSON.stringify({ ...about, ...result }, null, 1)}\n`,
    );
  }
} finally {
  await surroundings.close();
}
for (const failure of failures) console.error(`worse than linear: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

function print({ title, x, y, series }) {
  console.log(`\n${title}: ${y.label}, ${y.unit}, median (least–most)`);
  const rows = series.map(({ name, points, isLinear }) => [
    name,
    {
      ...Object.fromEntries(
        points.map(({ x: at, median, min, max }) => [
          `${at} ${x.label}`,
          `${micros(median)} (${micros(min)}–${micros(max)})`,
        ]),
      ),
      linear: isLinear ?? '',
    },
  ]);
  console.table(Object.fromEntries(rows));
}

function micros(value) {
  return String(Math.round(value));
}
