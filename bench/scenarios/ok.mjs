import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';

export default requestScenario({
  name: 'ok',
  title: 'a route that goes well',
  route: '',
  status: 200,
  expects: 'none',
  slices: 5,
  rounds: { quick: 3, full: 5 },
  figures: [cpuRatio(({ platform }) => (platform === 'fastify' ? 0.94 : 0.96))],
});
