import { BARE, isOurs } from './subjects.mjs';

/** More apps at once drive each other out of the processor's caches. */
const MOST_BESIDE_BARE = 3;

/**
 * Measures units round by round: a round goes through all units, each app is a fresh process in each, and every round
 * begins with another subject. In a scenario with `slices`, bare Nest and up to three subjects run at once and are asked
 * by turns, a slice of the requests each, so that what else the machine does meets all of them; in others one runs after
 * the other.
 *
 * @param units - see plan.mjs
 * @param folderOf - where a subject's app stands, by subject and major of Nest; undefined where there is none
 * @param options - `size` of runs; `endMs` on the clock of `performance`, after which nothing more begins; `tell`
 * @returns a run each: `scenario`, `subject`, `nest`, `platform`, `round`, `group` where there are several, and what was measured, or `error`
 */
export async function measureUnits(surroundings, units, folderOf, { size, endMs, tell }) {
  const runs = [];
  const rounds = Math.max(...units.map((unit) => unit.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const { scenario, nest, platform, subjects } of units.filter((unit) => round < unit.rounds)) {
      const targets = rotated(subjects, round)
        .map((subject) => ({ subject, folder: folderOf(subject, nest), nest, platform }))
        .filter(({ folder }) => folder !== undefined);
      const groups = scenario.slices ? besideBare(targets) : targets.map((target) => [target]);
      for (const [index, group] of groups.entries()) {
        if (performance.now() > endMs) {
          tell(`the time is over: nothing is measured from ${scenario.name} in round ${round + 1} on`);
          return runs;
        }
        for (const measured of await measureGroup(surroundings, scenario, group, size)) {
          const run = { round, ...(scenario.slices && { group: index }), ...measured };
          runs.push(run);
          tell(`round ${round + 1}, ${unitName(run)}, ${run.subject}: ${brief(run)}`);
        }
      }
    }
  }
  return runs;
}

/** Where something was measured, for people. */
export const unitName = ({ scenario, nest, platform }) => `${scenario}, NestJS ${nest}, ${platform}`;

/** Groups of a few subjects, each with a bare Nest of its own. */
function besideBare(targets) {
  const isBare = ({ subject }) => subject.name === BARE;
  const bare = targets.filter(isBare);
  const others = targets.filter((target) => !isBare(target));
  const groups = [];
  for (let at = 0; at < others.length; at += MOST_BESIDE_BARE) {
    groups.push([...bare, ...others.slice(at, at + MOST_BESIDE_BARE)]);
  }
  return groups;
}

/** Runs the apps of a group at once, and asks them by turns. */
async function measureGroup(surroundings, scenario, targets, size) {
  const entries = targets.map((target) => ({
    target,
    run: {
      scenario: scenario.name,
      subject: target.subject.name,
      nest: target.nest,
      platform: target.platform,
    },
  }));
  const slices = scenario.slices ?? 1;
  const step = async (entry, act) => {
    if (entry.run.error !== undefined) return;
    try {
      await act(entry);
    } catch (error) {
      entry.run.error = error.message;
    }
  };
  try {
    for (const entry of entries)
      await step(entry, async () => {
        entry.session = await scenario.start(surroundings, entry.target, size);
      });
    for (let slice = 0; slice < slices; slice++)
      for (const entry of rotated(entries, slice)) await step(entry, () => entry.session.slice(1 / slices));
    for (const entry of entries)
      await step(entry, async ({ run, session, target }) => {
        Object.assign(run, await session.finish());
        if (isOurs(target.subject)) run.error = failureOf(run);
      });
  } finally {
    await Promise.all(entries.map(({ session }) => session?.kill()));
  }
  return entries.map(({ run }) => run);
}

/** @returns those of a unit that went well */
export function runsOf({ scenario, nest, platform }, runs) {
  return runs.filter(
    (run) =>
      run.error === undefined &&
      run.scenario === scenario.name &&
      run.nest === nest &&
      run.platform === platform,
  );
}

/** What of a peer is a figure is an error of ours. */
function failureOf({ lost = 0, unaccounted = 0 }) {
  if (lost !== 0) return `${lost} events lost`;
  return unaccounted === 0 ? undefined : `${unaccounted} events unaccounted for`;
}

function rotated(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function brief({ error, cpuUs, bootMs, rssMb, lost }) {
  if (error !== undefined) return `FAILED: ${error}`;
  return [
    cpuUs && `${cpuUs.toFixed(0)} µs`,
    bootMs && `${bootMs.toFixed(0)} ms`,
    `${rssMb.toFixed(0)} MB`,
    lost > 0 && `${lost} lost`,
  ]
    .filter(Boolean)
    .join(', ');
}
