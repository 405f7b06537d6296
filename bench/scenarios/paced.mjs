import { requestScenario } from '../harness/request-scenario.mjs';

/** At a rate that all can keep up with, the time of an answer is not the length of a queue. */
export default requestScenario({
  name: 'paced',
  title: 'a route that throws, 400 requests a second, each error delivered',
  route: '/ship',
  status: 500,
  expects: 'each',
  everyEvent: true,
  perSecond: 400,
  rounds: { quick: 2, full: 3 },
  figures: [{ name: 'p99, times bare', of: 'p99Ms', comparison: 'times', goal: 2 }],
});
