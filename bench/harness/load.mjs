// Makes the load, in a process of its own.
import autocannon from 'autocannon';
import { answerCommands } from '../app/answer-commands.mjs';
import { pacedRequests } from './paced-requests.mjs';

/** It ends at the next sample only. */
const SAMPLE_MS = 50;

answerCommands({
  paced: pacedRequests,
  /**
   * @param url - of the app
   * @param paths - asked for by turns
   * @param amount - of requests; or `seconds` to go on for
   */
  requests: async ({ url, paths, amount, seconds, connections }) => {
    const result = await autocannon({
      url,
      connections,
      timeout: 30,
      sampleInt: SAMPLE_MS,
      requests: paths.map((path) => ({ method: 'GET', path })),
      ...(amount === undefined ? { duration: seconds } : { amount }),
    });
    const statuses = Object.entries(result.statusCodeStats).map(([status, { count }]) => [status, count]);
    return {
      statuses: Object.fromEntries(statuses),
      failed: result.errors + result.timeouts,
      seconds: result.duration,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
    };
  },
});
process.send({ ready: true });
