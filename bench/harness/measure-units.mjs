/**
 * Measures units round by round: a round goes through all units, and within one through all its subjects, so that a
 * subject and bare Nest are measured within the same minute. Every round begins with another subject.
 *
 * @param units - see plan.mjs
 * @param folderOf - where a subject's app stands, by subject and major of Nest; undefined where there is none
 * @param options - `size` of runs; `minutes` after which no further round of a unit begins, beyond the first; `tell`
 * @returns a run each: `scenario`, `subject`, `nest`, `platform`, `round`, and what was measured, or `error`
 */
export async function measureUnits(surroundings, units, folderOf, { size, minutes, tell }) {
  const startMs = performance.now();
  const runs = [];
  const rounds = Math.max(...units.map((unit) => unit.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const { scenario, nest, platform, subjects } of units.filter((unit) => round < unit.rounds)) {
      if (performance.now() - startMs > minutes * 60_000) {
        tell(`${minutes} minutes are over: no further round begins`);
        return runs;
      }
      for (const subject of rotated(subjects, round)) {
        const folder = folderOf(subject, nest);
        if (folder === undefined) continue;
        const run = { scenario: scenario.name, subject: subject.name, nest, platform, round };
        try {
          Object.assign(run, await scenario.measure(surroundings, { subject, folder, platform }, size));
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

function rotated(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function brief({ error, cpuUs, bootMs, rssMb, lost }) {
  if (error !== undefined) return `FAILED: ${error}`;
  const value = cpuUs === undefined ? undefined : `${cpuUs.toFixed(0)} µs`;
  return [
    value ?? (bootMs && `${bootMs.toFixed(0)} ms`),
    rssMb && `${rssMb.toFixed(0)} MB`,
    lost > 0 && `${lost} LOST`,
  ]
    .filter(Boolean)
    .join(', ');
}
