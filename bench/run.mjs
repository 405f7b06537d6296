// npm run bench [-- --quick …]: this package beside bare Nest and its peers. Tables to stdout, progress to stderr,
// everything as JSON: to results/latest.json where everything was measured, else to the
// temporary folder (harness/paths.mjs).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from './harness/command-line.mjs';
import { figuresOf } from './harness/figures.mjs';
import { installedBeside, installedTable } from './harness/installed.mjs';
import { machine } from './harness/machine.mjs';
import { measureUnits, runsOf, unitName } from './harness/measure-units.mjs';
import { RESULTS, WORK } from './harness/paths.mjs';
import { planOf } from './harness/plan.mjs';
import { appKey, prepareAll } from './harness/prepare-all.mjs';
import { startSurroundings } from './harness/surroundings.mjs';
import { table } from './harness/tables.mjs';

const tell = (line) => console.error(`${(performance.now() / 1000).toFixed(0)} s: ${line}`);
const wanted = readCommandLine();
const { units, size } = planOf(wanted);
if (units.length === 0) throw new Error('nothing is to be measured');

const apps = await prepareAll(units, tell);
const folderOf = ({ name }, nest) => apps.get(appKey(name, nest))?.folder;
const surroundings = await startSurroundings();
let runs;
try {
  runs = await measureUnits(surroundings, units, folderOf, { size, endMs: wanted.minutes * 60_000, tell });
} finally {
  await surroundings.close();
}

const figures = [];
for (const unit of units) {
  const own = runsOf(unit, runs);
  const ofUnit = figuresOf(unit, own);
  figures.push(...ofUnit);
  if (own.length > 0) console.log(table(unit, own, ofUnit));
}
const added = installedBeside(units, apps);
console.log(installedTable(added));

const installed = Object.fromEntries(
  [...apps].flatMap(([key, app]) => (app ? [[key, { packages: app.packages, bytes: app.bytes }]] : [])),
);
const result = { date: new Date().toISOString(), machine: machine(), size, figures, added, installed, runs };
const folder = wanted.isFull ? RESULTS : WORK;
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(result, null, 1)}\n`);
tell(`written to ${join(folder, 'latest.json')}`);

const failed = runs.filter(({ error }) => error !== undefined);
for (const run of failed) console.log(`FAILED: ${unitName(run)}, ${run.subject}: ${run.error}`);
process.exitCode = failed.length === 0 ? 0 : 1;
