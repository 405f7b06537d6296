// npm run bench [-- --quick …]: this package beside bare Nest and its peers. Tables to stdout, progress to stderr,
// everything as JSON: to results/latest.json where everything was measured, else to .work/latest.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from './harness/command-line.mjs';
import { figuresOf } from './harness/figures.mjs';
import { machine } from './harness/machine.mjs';
import { measureUnits } from './harness/measure-units.mjs';
import { RESULTS, WORK } from './harness/paths.mjs';
import { planOf } from './harness/plan.mjs';
import { appKey, prepareAll } from './harness/prepare-all.mjs';
import { isOurs } from './harness/subjects.mjs';
import { startSurroundings } from './harness/surroundings.mjs';
import { table } from './harness/tables.mjs';

const startMs = performance.now();
const tell = (line) => console.error(`${((performance.now() - startMs) / 1000).toFixed(0)} s: ${line}`);
const wanted = readCommandLine();
const { units, size } = planOf(wanted);
if (units.length === 0) throw new Error('nothing is to be measured');

const apps = await prepareAll(units, tell);
const surroundings = await startSurroundings();
let runs;
try {
  const folderOf = ({ name }, nest) => apps.get(appKey(name, nest))?.folder;
  runs = await measureUnits(surroundings, units, folderOf, { size, minutes: wanted.minutes, tell });
} finally {
  await surroundings.close();
}

const figures = [];
for (const unit of units) {
  const own = runs.filter(
    (run) =>
      run.scenario === unit.scenario.name &&
      run.nest === unit.nest &&
      run.platform === unit.platform &&
      run.error === undefined,
  );
  const ofUnit = figuresOf(unit, own);
  figures.push(...ofUnit);
  console.log(table(unit, own, ofUnit));
}

const installed = Object.fromEntries(
  [...apps].flatMap(([key, app]) => (app ? [[key, { packages: app.packages, bytes: app.bytes }]] : [])),
);
const result = { date: new Date().toISOString(), machine: machine(), size, figures, installed, runs };
const folder = wanted.isFull ? RESULTS : WORK;
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(result, null, 1)}\n`);
tell(`written to ${join(folder, 'latest.json')}`);

const ours = new Set(units.flatMap(({ subjects }) => subjects.filter(isOurs).map(({ name }) => name)));
const failed = runs.filter(
  ({ error, lost, subject }) => error !== undefined || (ours.has(subject) && lost > 0),
);
for (const { scenario, subject, nest, platform, error, lost } of failed)
  console.log(
    `FAILED: ${scenario}, ${subject}, NestJS ${nest}, ${platform}: ${error ?? `${lost} events lost`}`,
  );
process.exitCode = failed.length === 0 ? 0 : 1;
