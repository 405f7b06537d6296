import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';

/** Bare Nest has the same route, and nothing to set. */
export default requestScenario({
  name: 'described',
  title: 'a route that sets 5 tags, 3 breadcrumbs and a user',
  route: '/described',
  status: 200,
  expects: 'none',
  slices: 5,
  rounds: { quick: 2, full: 3 },
  figures: [cpuRatio(0.92)],
});
