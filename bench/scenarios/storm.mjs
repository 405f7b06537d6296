import { cpuRatio } from '../harness/figures.mjs';
import { requestScenario } from '../harness/request-scenario.mjs';
import { BARE, isOurs } from '../harness/subjects.mjs';

/** The warm-up is the beginning of the storm. Where there is no guard, it costs what `throwing` does. */
export default requestScenario({
  name: 'storm',
  title: 'the same error stormed, the storm guard as it comes',
  route: '/ship',
  status: 500,
  expects: 'any',
  isFor: (subject) => subject.name === BARE || isOurs(subject),
  rounds: { quick: 2, full: 3 },
  figures: [cpuRatio(0.85)],
});
