import { spread } from './statistics.mjs';

/** What is shown of each run, where it has it. */
const COLUMNS = [
  ['cpuUs', 'CPU, µs', 0],
  ['perSecond', 'requests/s', 0],
  ['p50Ms', 'p50, ms', 1],
  ['p99Ms', 'p99, ms', 1],
  ['bootMs', 'boot, ms', 0],
  ['insideMs', 'of it in the process, ms', 0],
  ['bootCpuMs', 'CPU until then, ms', 0],
  ['rssMb', 'RSS, MB', 1],
  ['peakMb', 'peak RSS, MB', 1],
  ['events', 'events received', 0],
  ['lost', 'lost', 0],
  ['unaccounted', 'unaccounted', 0],
];

/**
 * A table for people, in Markdown: a row a subject, medians, and the least and the most.
 *
 * @param unit - see figures.mjs
 * @param figures - of this unit
 */
export function table({ scenario, nest, platform, subjects }, runs, figures) {
  const columns = COLUMNS.filter(([key]) => runs.some((run) => run[key] !== undefined));
  const rows = subjects.flatMap(({ name }) => {
    const own = runs.filter(({ subject }) => subject === name);
    if (own.length === 0) return [];
    const compared = scenario.figures.map((figure) =>
      figureCell(figures.find((one) => one.subject === name && one.figure === figure.name)),
    );
    const plain = columns.map(([key, , digits]) =>
      valueCell(
        own.map((run) => run[key]),
        digits,
      ),
    );
    return [[name, ...compared, ...plain]];
  });
  const head = ['', ...scenario.figures.map(({ name }) => name), ...columns.map(([, label]) => label)];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${scenario.title}: NestJS ${nest}, ${platform}`, '', ...lines, ''].join('\n');
}

function figureCell(figure) {
  if (figure === undefined) return '';
  const digits = Math.abs(figure.median) < 10 ? 3 : 0;
  const goal = figure.goal === undefined ? '' : `, goal ${figure.goal} ${figure.isMet ? 'met' : 'MISSED'}`;
  return `${cell(figure, digits)}${goal}`;
}

function valueCell(values, digits) {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : cell(spread(known), digits);
}

function cell({ median, min, max }, digits) {
  const [middle, least, most] = [median, min, max].map((value) => value.toFixed(digits));
  return least === most ? middle : `${middle} (${least}–${most})`;
}
