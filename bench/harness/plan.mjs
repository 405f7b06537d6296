import { SCENARIOS } from '../scenarios/index.mjs';
import { allSubjects, BARE } from './subjects.mjs';

const ALL = SCENARIOS.map(({ name }) => name);
const OURS = ['nestjs-raven', 'nestjs-raven-lean'];

/** NestJS 11 on Express is where every subject runs; beside it, what may differ elsewhere. */
const FULL = [
  { nest: 11, platform: 'express', scenarios: ALL },
  { nest: 12, platform: 'express', scenarios: ['ok', 'described', 'handled', 'throwing', 'boot'] },
  {
    nest: 12,
    platform: 'express',
    scenarios: ['paced', 'dead', 'hanging', 'refusing', 'storm'],
    subjects: OURS,
  },
  { nest: 11, platform: 'fastify', scenarios: ['ok', 'throwing'] },
  { nest: 12, platform: 'fastify', scenarios: ['ok', 'throwing'] },
];
/** What its transport makes no difference to is measured with one. */
const QUICK = [
  {
    nest: 12,
    platform: 'express',
    scenarios: ['ok', 'described', 'handled', 'storm', 'boot', 'memory'],
    subjects: ['nestjs-raven'],
  },
  {
    nest: 12,
    platform: 'express',
    scenarios: ['throwing', 'paced', 'dead', 'hanging', 'refusing'],
    subjects: OURS,
  },
  { nest: 12, platform: 'fastify', scenarios: ['ok'], subjects: ['nestjs-raven'] },
];

/** How much each run does. A warm-up of more than 1000 errors is where the storm guard begins to hold back. */
const SIZES = {
  full: { requests: 3000, warmUp: 10_000, connections: 20, paced: 3000, errorSeconds: 60 },
  quick: { requests: 1500, warmUp: 1200, connections: 20, paced: 600, errorSeconds: 8 },
};

/**
 * What is measured: a unit is a scenario with all its subjects on one Nest and one platform.
 *
 * @param wanted - see command-line.mjs
 * @returns `units` (`scenario`, `nest`, `platform`, `subjects`, `rounds`) and the `size` of their runs
 */
export function planOf(wanted) {
  const kind = wanted.quick ? 'quick' : 'full';
  const isIn = (list, value) => list === undefined || list.includes(value);
  const units = (wanted.quick ? QUICK : FULL)
    .filter(({ nest, platform }) => isIn(wanted.nests, nest) && isIn(wanted.platforms, platform))
    .flatMap(({ nest, platform, scenarios, subjects }) =>
      SCENARIOS.filter(({ name }) => scenarios.includes(name) && isIn(wanted.scenarios, name)).map(
        (scenario) => ({
          scenario,
          nest,
          platform,
          rounds: wanted.rounds ?? scenario.rounds[kind],
          subjects: allSubjects().filter(
            (subject) =>
              subject.nest.includes(nest) &&
              subject.platforms.includes(platform) &&
              (subject.name === BARE ||
                (wanted.only
                  ? wanted.only.includes(subject.name)
                  : isIn(subjects, subject.name) &&
                    isIn(subject.scenarios, scenario.name) &&
                    (scenario.isFor?.(subject) ?? true))),
          ),
        }),
      ),
    );
  return { units, size: SIZES[kind] };
}
