import { bars, endOf } from '../bars.mjs';
import { labelsOf, told, toBars } from '../rows.mjs';

const LOADS = [
  { scenario: 'throwing', title: 'as fast as it can answer' },
  { scenario: 'paced', title: '400 requests a second' },
];

/** How long the slowest of a hundred callers waited for the answer of a route that throws. */
export function p99Plot(results) {
  const title = 'p99 of the throwing route, in milliseconds';
  const panels = LOADS.map((load) => ({ ...load, rows: toBars(results, load.scenario, 'p99Ms', 1) }));
  const shown = panels.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return undefined;
  return {
    name: 'p99',
    title,
    description: shown.map(({ title: load, rows }) => `${load}, ${told(rows)}`).join('. '),
    spec: {
      title: { text: title, subtitle: `${results.about}. Less is better. Dashed: twice bare Nest’s` },
      spacing: 20,
      hconcat: shown.map(({ title: load, rows }, index) =>
        bars(rows, {
          title: load,
          width: 240,
          domain: [0, endOf(rows)],
          rules: twiceBare(rows),
          labels: labelsOf(shown),
          isPanel: true,
          hasLabels: index === 0,
        }),
      ),
    },
  };
}

function twiceBare(rows) {
  return rows
    .filter(({ subject }) => subject === 'bare')
    .map(({ median }) => ({ at: 2 * median, dash: [4, 3] }));
}
