import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';

export default requestScenario({
  name: 'handled',
  title: 'a route that throws an HttpException of 409, which is no error',
  route: '/cancel',
  status: 409,
  expects: 'none',
  slices: 5,
  rounds: { quick: 2, full: 3 },
  figures: [cpuRatio(0.95)],
});
