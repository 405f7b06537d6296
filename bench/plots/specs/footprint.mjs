import { bars, endOf } from '../bars.mjs';
import { labelsOf, told, toBars } from '../rows.mjs';

const FIGURES = [
  { scenario: 'boot', figure: 'bootMs', title: 'boot time added, ms', digits: 0 },
  { scenario: 'boot', figure: 'rssMb', title: 'RSS added at start, MB', digits: 1 },
  { scenario: 'install', figure: 'megabytes', title: 'packages added, MB', digits: 1 },
];

/** What an app has more of before the first request. */
export function footprintPlot(results) {
  const title = 'What it adds to an app before the first request';
  const panels = FIGURES.map((one) => ({
    ...one,
    rows: toBars(results, one.scenario, one.figure, one.digits),
  }));
  const shown = panels.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return undefined;
  return {
    name: 'footprint',
    title,
    description: shown.map(({ title: what, rows }) => `${what}, ${told(rows)}`).join('. '),
    spec: {
      title: { text: title, subtitle: `${results.about}. Less is better` },
      spacing: 14,
      hconcat: shown.map(({ title: what, rows }, index) =>
        bars(rows, {
          title: what,
          width: 160,
          domain: [Math.min(0, ...rows.map(({ min }) => min)), endOf(rows, 1.35)],
          labels: labelsOf(shown),
          isPanel: true,
          hasLabels: index === 0,
        }),
      ),
    },
  };
}
