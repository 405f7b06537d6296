import { SCENARIOS } from '../scenarios/index.mjs';
import { allSubjects, BARE } from './subjects.mjs';

const ALL = SCENARIOS.map(({ name }) => name);
const OURS = ['nestjs-raven', 'nestjs-raven-lean'];

/** NestJS 11 on Express is where every subject runs. */
const FULL = [
  { nest: 11, platform: 'express', scenarios: ALL },
  { nest: 12, platform: 'express', scenarios: ALL },
  { nest: 11, platform: 'fastify', scenarios: ['ok', 'throwing'] },
  { nest: 12, platform: 'fastify', scenarios: ['ok', 'throwing'] },
];
const QUICK = [
  { nest: 12, platform: 'express', scenarios: ALL },
  { nest: 12, platform: 'fastify', scenarios: ['ok'] },
];

/** How much each run does. */
const SIZES = {
  full: { requests: 4000, warmUp: 3000, connections: 20, errorSeconds: 60 },
  quick: { requests: 2000, warmUp: 2000, connections: 20, errorSeconds: 8 },
};

/**
 * What is measured: a unit is a scenario with all its subjects on one Nest and one platform.
 *
 * @param wanted - see command-line.mjs
 * @returns `units` (`scenario`, `nest`, `platform`, `subjects`, `rounds`) and the `size` of their runs
 */
export function planOf(wanted) {
  const subjects = wanted.only ?? (wanted.quick ? OURS : undefined);
  const isIn = (list, value) => list === undefined || list.includes(value);
  const units = (wanted.quick ? QUICK : FULL)
    .filter(({ nest, platform }) => isIn(wanted.nests, nest) && isIn(wanted.platforms, platform))
    .flatMap(({ nest, platform, scenarios }) =>
      SCENARIOS.filter(({ name }) => (wanted.scenarios ?? scenarios).includes(name)).map((scenario) => ({
        scenario,
        nest,
        platform,
        rounds: wanted.rounds ?? scenario.rounds[wanted.quick ? 'quick' : 'full'],
        subjects: allSubjects().filter(
          (subject) =>
            (subject.name === BARE || isIn(subjects, subject.name)) &&
            subject.nest.includes(nest) &&
            subject.platforms.includes(platform) &&
            (scenario.isFor?.(subject, wanted.quick) ?? true),
        ),
      })),
    );
  return { units, size: SIZES[wanted.quick ? 'quick' : 'full'] };
}
