import { bars, endOf } from '../bars.mjs';
import { told, toBars } from '../rows.mjs';

/** Events of the throwing route that never arrived, of those who send any. */
export function lostPlot(results) {
  const title = 'Events of the throwing route that never arrived';
  const rows = toBars(results, 'throwing', 'lostPercent', 1, ' %');
  if (rows.length === 0) return undefined;
  return {
    name: 'lost',
    title,
    description: told(rows),
    spec: bars(rows, {
      title,
      subtitle: `${results.about}. Of those that each had to report one`,
      width: 460,
      domain: [0, endOf(rows, 1.15)],
    }),
  };
}
