// node bench/guard.mjs: fails where this package has become slower: a ratio of CPU to bare Nest that is 15% under its
// floor in floors.json in three tries. --update writes floors instead, a little below the medians of five rounds: on a machine
// that does nothing else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from './harness/figures.mjs';
import { holdFloors } from './harness/hold-floors.mjs';
import { measureUnits, runsOf } from './harness/measure-units.mjs';
import { BENCH } from './harness/paths.mjs';
import { planOf } from './harness/plan.mjs';
import { appKey, prepareAll } from './harness/prepare-all.mjs';
import { BARE } from './harness/subjects.mjs';
import { startSurroundings } from './harness/surroundings.mjs';

const FLOORS = join(BENCH, 'floors.json');
const MAX_MINUTES = 10;
/** Ratios differ between machines by so much. */
const MARGIN = 0.07;

const isUpdate = process.argv.includes('--update');
const { units, size } = planOf({ quick: true, rounds: isUpdate ? 5 : 1 });
const guarded = units.filter(({ scenario }) => scenario.figures.some(isCpuRatio));
const apps = await prepareAll(guarded, console.error);
const folderOf = ({ name }, nest) => apps.get(appKey(name, nest))?.folder;
/** What can be measured here. */
const known = new Set(
  guarded.flatMap((unit) =>
    unit.subjects
      .filter((subject) => subject.name !== BARE && folderOf(subject, unit.nest))
      .map(({ name }) => keyIn(unit, name)),
  ),
);
const surroundings = await startSurroundings();
try {
  if (isUpdate) await update();
  else await guard();
} finally {
  await surroundings.close();
}

async function update() {
  const { ratios } = await measure([...known]);
  const seen = [...ratios].map(([key, ratio]) => [key, Math.floor(ratio * (1 - MARGIN) * 100) / 100]);
  writeFileSync(FLOORS, `${JSON.stringify(Object.fromEntries(seen), null, 2)}\n`);
}

async function guard() {
  const floors = JSON.parse(readFileSync(FLOORS, 'utf8'));
  const asked = Object.fromEntries(Object.entries(floors).filter(([key]) => known.has(key)));
  const failed = await holdFloors(asked, measure, console.log);
  const skipped = Object.keys(floors).filter((key) => !(key in asked));
  for (const key of skipped) console.log(`skipped: ${key} cannot be measured here`);
  const closing = `${Object.keys(asked).length - failed.length} passed, ${failed.length} failed`;
  console.log(skipped.length === 0 ? closing : `${closing}, ${skipped.length} skipped`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** @returns medians of CPU ratios, and what went wrong, by key */
async function measure(keys) {
  const wanted = guarded
    .map((unit) => ({
      ...unit,
      subjects: unit.subjects.filter(({ name }) => name === BARE || keys.includes(keyIn(unit, name))),
    }))
    .filter(({ subjects }) => subjects.length > 1);
  const endMs = performance.now() + MAX_MINUTES * 60_000;
  const runs = await measureUnits(surroundings, wanted, folderOf, { size, endMs, tell: console.error });
  const ratios = wanted.flatMap((unit) => {
    const { name } = unit.scenario.figures.find(isCpuRatio);
    return figuresOf(unit, runsOf(unit, runs))
      .filter(({ figure }) => figure === name)
      .map((figure) => [keyOf(figure), figure.median]);
  });
  const errors = runs.filter(({ error }) => error !== undefined).map((run) => [keyOf(run), run.error]);
  return { ratios: new Map(ratios), errors: new Map(errors) };
}

function keyOf({ scenario, subject, platform }) {
  return `${scenario}, ${subject}, ${platform}`;
}

function keyIn({ scenario, platform }, subject) {
  return keyOf({ scenario: scenario.name, subject, platform });
}

function isCpuRatio({ of, comparison }) {
  return of === 'cpuUs' && comparison === 'ratio';
}
