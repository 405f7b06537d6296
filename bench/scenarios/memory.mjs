import { requestScenario } from '../harness/request-scenario.mjs';

/** It takes over a minute each, so that not all peers are asked by themselves. */
const MEASURED = ['bare', 'nestjs-raven', 'nestjs-raven-lean', 'sentry-nestjs'];

export default requestScenario({
  name: 'memory',
  title: 'errors for a minute (--quick: 8 seconds), as many as the app can answer',
  route: '/ship',
  status: 500,
  expects: 'each',
  everyEvent: true,
  isTimed: true,
  isFor: ({ name }) => MEASURED.includes(name),
  rounds: { quick: 1, full: 1 },
  figures: [
    { name: 'RSS added, MB', of: 'rssMb', comparison: 'added', goal: 40 },
    { name: 'peak RSS added, MB', of: 'peakMb', comparison: 'added' },
  ],
});
