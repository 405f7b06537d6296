import { spread } from './statistics.mjs';
import { BARE, isOurs } from './subjects.mjs';

/** How a subject's value becomes a figure beside that of bare Nest in the same round. */
const COMPARISONS = {
  ratio: (value, bare) => bare / value,
  times: (value, bare) => value / bare,
  added: (value, bare) => value - bare,
};

/**
 * The first figure of most scenarios.
 *
 * @param goal - the least that is meant, or takes the target and returns it
 */
export const cpuRatio = (goal) => ({ name: 'CPU ratio to bare', of: 'cpuUs', comparison: 'ratio', goal });

/**
 * What the runs of a scenario on one Nest and platform come to.
 *
 * @param unit - `scenario`, whose `figures` each have a `name`, the key of a run they are made `of`, a `comparison`
 *   (ratio: the more the better; times, added: the less), and may have a `goal`; `nest`, `platform`
 * @param runs - of this unit, each with `subject`, `round` and `group`
 */
export function figuresOf({ scenario, nest, platform, subjects }, runs) {
  return scenario.figures.flatMap((figure) =>
    subjects
      .filter(({ name }) => name !== BARE)
      .flatMap((subject) => {
        const values = comparisons(figure, subject.name, runs);
        if (values.length === 0) return [];
        const result = spread(values);
        const goal = isOurs(subject) ? goalOf(figure, { subject: subject.name, nest, platform }) : undefined;
        const isMet = figure.comparison === 'ratio' ? result.median >= goal : result.median <= goal;
        return [
          {
            scenario: scenario.name,
            figure: figure.name,
            subject: subject.name,
            nest,
            platform,
            ...result,
            rounds: values.length,
            ...(goal !== undefined && { goal, isMet }),
          },
        ];
      }),
  );
}

function comparisons({ of: key, comparison }, name, runs) {
  return runs
    .filter(({ subject }) => subject === name)
    .flatMap((run) => {
      const bare = runs.find(
        ({ subject, round, group }) => subject === BARE && round === run.round && group === run.group,
      );
      return bare === undefined ? [] : [COMPARISONS[comparison](run[key], bare[key])];
    });
}

function goalOf({ goal }, target) {
  return typeof goal === 'function' ? goal(target) : goal;
}
