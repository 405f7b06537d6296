import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';

/** The server goes well until the warm-up is over; nothing is delivered from then on. */
const unwell = (name, title, server) =>
  requestScenario({
    name,
    title,
    server,
    route: '/ship',
    status: 500,
    expects: 'each',
    everyEvent: true,
    rounds: { quick: 2, full: 2 },
    figures: [
      cpuRatio(0.6),
      { name: 'peak RSS added, MB', of: 'peakMb', comparison: 'added' },
      { name: 'p99, times bare', of: 'p99Ms', comparison: 'times' },
    ],
  });

export const dead = unwell('dead', 'a route that throws, the server refuses connections', 'dead');
export const hanging = unwell(
  'hanging',
  'a route that throws, the server takes all and never answers',
  'hang',
);
export const refusing = unwell('refusing', 'a route that throws, the server answers 429', '429');
