import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';

export default requestScenario({
  name: 'throwing',
  title: 'a route that throws, each error delivered',
  route: '/ship',
  status: 500,
  expects: 'each',
  everyEvent: true,
  rounds: { quick: 2, full: 3 },
  figures: [
    cpuRatio(({ subject }) => (subject === 'nestjs-raven-lean' ? 0.58 : 0.45)),
    { name: 'p99, times bare', of: 'p99Ms', comparison: 'times', goal: 2 },
  ],
});
