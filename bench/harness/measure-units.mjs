import { isOurs } from './subjects.mjs';

/**
 * Measures units round by round: a round goes through all units, and within one through all its subjects, so that a
 * subject and bare Nest are measured within the same minute. Every round begins with another subject.
 *
 * @param units - see plan.mjs
 * @param folderOf - where a subject's app stands, by subject and major of Nest; undefined where there is none
 * @param options - `size` of runs; `endMs` on the clock of `performance`, after which nothing more begins; `tell`
 * @returns a run each: `scenario`, `subject`, `nest`, `platform`, `round`, and what was measured, or `error`
 */
export async function measureUnits(surroundings, units, folderOf, { size, endMs, tell }) {
  const runs = [];
  const rounds = Math.max(...units.map((unit) => unit.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const { scenario, nest, platform, subjects } of units.filter((unit) => round < unit.rounds)) {
      if (performance.now() > endMs) {
        tell(`the time is over: nothing is measured from ${scenario.name} in round ${round + 1} on`);
        return runs;
      }
      for (const subject of rotated(subjects, round)) {
        const folder = folderOf(subject, nest);
        if (folder === undefined) continue;
        const run = { scenario: scenario.name, subject: subject.name, nest, platform, round };
        try {
          Object.assign(run, await scenario.measure(surroundings, { subject, folder, platform }, size));
          if (isOurs(subject)) run.error = failureOf(run);
        } catch (error) {
          run.error = error.message;
        }
        runs.push(run);
        tell(
          `round ${round + 1}, NestJS ${nest}, ${platform}, ${scenario.name}, ${subject.name}: ${brief(run)}`,
        );
      }
    }
  }
  return runs;
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
