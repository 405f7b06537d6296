// node bench/guard.mjs: fails where this package has become slower: a ratio of CPU to bare Nest that is 15% under its
// floor in floors.json, three times in a row. --update writes what it sees into floors.json instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from './harness/figures.mjs';
import { measureUnits, runsOf } from './harness/measure-units.mjs';
import { BENCH } from './harness/paths.mjs';
import { planOf } from './harness/plan.mjs';
import { appKey, prepareAll } from './harness/prepare-all.mjs';
import { startSurroundings } from './harness/surroundings.mjs';

const FLOORS = join(BENCH, 'floors.json');
const SHARE_OF_FLOOR = 0.85;
const TRIES = 3;
/** Of one try. A change that takes a sixth shows within two rounds; a try that failed is repeated anyway. */
const ROUNDS = 2;
const MAX_MINUTES = 5;

const isUpdate = process.argv.includes('--update');
const floors = JSON.parse(readFileSync(FLOORS, 'utf8'));
const tell = (line) => console.error(line);
const { units, size } = planOf({ quick: true, rounds: isUpdate ? 5 : ROUNDS });
const guarded = units.filter(({ scenario }) => scenario.figures.some(({ of }) => of === 'cpuUs'));
const apps = await prepareAll(guarded, tell);
const folderOf = ({ name }, nest) => apps.get(appKey(name, nest))?.folder;
const keyOf = ({ scenario, subject, platform }) => `${scenario}, ${subject}, ${platform}`;
const surroundings = await startSurroundings();

try {
  if (isUpdate) await update();
  else await guard();
} finally {
  await surroundings.close();
}

async function update() {
  const { ratios } = await measure(guarded);
  const seen = Object.fromEntries([...ratios].map(([key, ratio]) => [key, Number(ratio.toFixed(3))]));
  writeFileSync(FLOORS, `${JSON.stringify({ ...floors, ...seen }, null, 2)}\n`);
}

async function guard() {
  let left = new Map(Object.entries(floors));
  const skipped = [...left.keys()].filter((key) => !isInstalled(key));
  for (const key of skipped) left.delete(key);
  const asked = left.size;
  for (let tried = 1; tried <= TRIES && left.size > 0; tried++) {
    const { ratios, errors } = await measure(unitsWith(left));
    const under = new Map();
    for (const [key, floor] of left) {
      const ratio = ratios.get(key);
      const isEnough = ratio >= floor * SHARE_OF_FLOOR && !errors.has(key);
      if (!isEnough) under.set(key, floor);
      const shown = `${key}: ${errors.get(key) ?? ratio?.toFixed(3) ?? 'not measured'}, floor ${floor}`;
      console.log(isEnough ? `ok: ${shown}` : `under, try ${tried} of ${TRIES}: ${shown}`);
    }
    left = under;
  }
  for (const key of left.keys()) console.log(`FAILED: ${key}`);
  const closing = `${asked - left.size} passed, ${left.size} failed`;
  console.log(skipped.length === 0 ? closing : `${closing}, ${skipped.length} skipped`);
  process.exitCode = left.size === 0 ? 0 : 1;
}

/** @returns medians of ratios, and what went wrong, each by key */
async function measure(some) {
  const runs = await measureUnits(surroundings, some, folderOf, { size, endMs: endMs(), tell });
  const ratios = new Map();
  const errors = new Map();
  for (const unit of some) {
    const own = runsOf(unit, runs);
    for (const figure of figuresOf(unit, own))
      if (unit.scenario.figures.some(({ name, of }) => name === figure.figure && of === 'cpuUs'))
        ratios.set(keyOf(figure), figure.median);
  }
  for (const run of runs) if (run.error) errors.set(keyOf(run), run.error);
  return { ratios, errors };
}

function unitsWith(keys) {
  return guarded
    .map((unit) => ({
      ...unit,
      subjects: unit.subjects.filter(({ name, reports }) => !reports || keys.has(keyIn(unit, name))),
    }))
    .filter(({ subjects }) => subjects.some(({ reports }) => reports));
}

function isInstalled(key) {
  return guarded.some((unit) =>
    unit.subjects.some((subject) => keyIn(unit, subject.name) === key && folderOf(subject, unit.nest)),
  );
}

function keyIn({ scenario, platform }, subject) {
  return keyOf({ scenario: scenario.name, subject, platform });
}

function endMs() {
  return performance.now() + MAX_MINUTES * 60_000;
}
