import { bars, endOf } from '../bars.mjs';
import { told, toBars } from '../rows.mjs';

/** How long the slowest of a hundred callers waited for the answer of a route that throws. */
export function p99Plot(results) {
  const title = 'p99 of the throwing route, in milliseconds';
  const rows = toBars(results, 'throwing', 'p99Ms', 1, ' ms');
  const bare = rows.filter(({ subject }) => subject === 'bare').map(({ median }) => median);
  if (rows.length === 0) return undefined;
  return {
    name: 'p99',
    title,
    description: told(rows),
    spec: bars(rows, {
      title,
      subtitle: `${results.about}. Less is better; dashed: twice bare Nest’s`,
      width: 460,
      domain: [0, endOf(rows, 1.15)],
      rules: bare.map((at) => ({ at: at * 2, dash: [4, 3] })),
    }),
  };
}
