import { bars, endOf } from '../bars.mjs';
import { labelsOf, told, toBars } from '../rows.mjs';

const ROUTES = [
  { scenario: 'ok', title: 'ok route' },
  { scenario: 'described', title: 'described route' },
  { scenario: 'throwing', title: 'throwing route' },
];

/** The first figure: CPU per request against bare Nest's, of the routes that tell most. */
export function ratioPlot(results) {
  const title = 'CPU of a request, bare Nest’s divided by it: more is better';
  const panels = ROUTES.map((route) => ({ ...route, rows: toBars(results, route.scenario, 'ratio', 2) }));
  const shown = panels.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return undefined;
  const end = Math.max(...shown.map(({ rows }) => endOf(rows)));
  const labels = labelsOf(shown);
  const floorOf = (rows) => rows.filter(({ subject }) => subject === 'floor').map(({ median }) => median);
  return {
    name: 'ratio',
    title,
    description: shown.map(({ title: route, rows }) => `${route}, ${told(rows)}`).join('. '),
    spec: {
      title: {
        text: title,
        subtitle: [
          results.about,
          'Described: 5 tags, 3 breadcrumbs, a user. Dashed: the floor, one AsyncLocalStorage scope a request',
        ],
      },
      spacing: 14,
      hconcat: shown.map(({ title: route, rows }, index) =>
        bars(rows, {
          title: route,
          width: 160,
          domain: [0, end],
          ticks: [0, 0.5, 1],
          labels,
          rules: [{ at: 1, dash: [] }, ...floorOf(rows).map((at) => ({ at, dash: [4, 3] }))],
          isPanel: true,
          hasLabels: index === 0,
        }),
      ),
    },
  };
}
