import { spread } from '../harness/statistics.mjs';
import { labelOf } from './labels.mjs';

/** Where all subjects run. */
const SHOWN = { nest: 11, platform: 'express' };
const FIRST = ['bare', 'floor', 'post-only', 'nestjs-raven', 'nestjs-raven-lean'];

/**
 * What the plots show of a run of the benchmarks: NestJS 11 on Express, or where that was not measured, what was first.
 *
 * @param latest - results/latest.json
 * @returns `about`: on what it was seen; `subjects` (`name`, `label`, `figures`), ours first, the others by their
 *   ratio on the ok route. A figure is `{ median, min, max }` of all rounds, those beside bare Nest round by round
 */
export function figuresOf({ machine, installed, added, runs }) {
  const isMeasured = runs.some(({ nest, platform }) => nest === SHOWN.nest && platform === SHOWN.platform);
  const { nest, platform } = isMeasured ? SHOWN : runs[0];
  const own = runs.filter((run) => run.nest === nest && run.platform === platform);
  const names = [...new Set(own.map(({ subject }) => subject))];
  const subjects = names.map((name) => ({
    name,
    label: labelOf(name, installed[`${name}-nest${nest}`]?.packages ?? []),
    figures: {
      ...Object.fromEntries(
        [...new Set(own.map(({ scenario }) => scenario))].map((scenario) => [
          scenario,
          figuresIn(scenario, name, own),
        ]),
      ),
      install: addedBy(name, nest, added),
    },
  }));
  const rounds = Math.max(...own.map(({ round }) => round + 1));
  const title = platform === 'express' ? 'Express' : 'Fastify';
  return {
    about: `NestJS ${nest}, ${title}, Node ${machine.node.slice(1)}, ${rounds === 1 ? '1 round' : `${rounds} rounds`}`,
    subjects: subjects.toSorted((a, b) => rank(a) - rank(b) || okRatio(b) - okRatio(a)),
  };
}

function figuresIn(scenario, name, runs) {
  const all = runs.filter((run) => run.scenario === scenario);
  const inScenario = all.filter(({ error }) => error === undefined);
  const ofSubject = inScenario.filter(({ subject }) => subject === name);
  // Of ours, a run that lost events is a failed one; its loss is to be seen nevertheless.
  const losses = all.filter(({ subject, lost }) => subject === name && lost !== undefined);
  const of = (key) => spreadOf(ofSubject.map((run) => run[key]));
  const beside = (key, compare) =>
    spreadOf(
      ofSubject.map((run) => {
        const bare = inScenario.find(
          ({ subject, round, group }) => subject === 'bare' && round === run.round && group === run.group,
        );
        return bare?.[key] === undefined || run[key] === undefined ? undefined : compare(run[key], bare[key]);
      }),
    );
  const added = (value, bare) => value - bare;
  return {
    ratio: beside('cpuUs', (value, bare) => bare / value),
    p99Ms: of('p99Ms'),
    lostPercent: spreadOf(losses.map(({ lost, requests }) => (100 * lost) / requests)),
    ...(name !== 'bare' && { bootMs: beside('bootMs', added), rssMb: beside('rssMb', added) }),
  };
}

function addedBy(name, nest, added) {
  const own = added.find((row) => row.subject === name && row.nest === nest);
  return { megabytes: own && spread([own.megabytes]) };
}

function spreadOf(values) {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? spread(known) : undefined;
}

function rank({ name }) {
  return FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
}

function okRatio({ figures }) {
  return figures.ok?.ratio?.median ?? 0;
}
