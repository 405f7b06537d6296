// Makes the load, in a process of its own.
import autocannon from 'autocannon';
import { answerCommands } from '../app/answer-commands.mjs';
import { pacedRequests } from './paced-requests.mjs';

/** It ends at the next sample only. */
const SAMPLE_MS = 50;
/** An app that answers no more is not waited for beyond. */
const MAX_MS = 120_000;

answerCommands({
  paced: pacedRequests,
  /**
   * As fast as so many connections can.
   *
   * @param url - of the app
   * @param paths - asked for by turns
   * @param amount - of requests; or `seconds` to go on for
   */
  requests: async ({ url, paths, amount, seconds, connections }) => {
    const load = autocannon({
      url,
      connections,
      timeout: 30,
      sampleInt: SAMPLE_MS,
      requests: paths.map((path) => ({ method: 'GET', path })),
      ...(amount === undefined ? { duration: seconds } : { amount }),
    });
    const timer = setTimeout(() => load.stop(), MAX_MS);
    const result = await load;
    clearTimeout(timer);
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
