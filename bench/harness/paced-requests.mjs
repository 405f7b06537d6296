import { Agent, get } from 'node:http';
import { setTimeout as passed } from 'node:timers/promises';

/**
 * Asks at an even rate, whether or not answers come. autocannon's own rate sends what a second may have all at once.
 *
 * @param paths - asked for by turns
 * @returns as the load by autocannon; latencies count from when a request was due
 */
export async function pacedRequests({ url, paths, amount, perSecond }) {
  const agent = new Agent({ keepAlive: true });
  const statuses = {};
  const latencies = [];
  let failed = 0;
  const startMs = performance.now();
  const ask = (path, dueMs) =>
    new Promise((resolve) => {
      get(`${url}${path}`, { agent }, (response) => {
        response.resume().on('end', () => {
          statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
          latencies.push(performance.now() - dueMs);
          resolve();
        });
      }).on('error', () => {
        failed += 1;
        resolve();
      });
    });
  const asked = [];
  for (let n = 0; n < amount; n++) {
    const dueMs = startMs + (n * 1000) / perSecond;
    while (performance.now() < dueMs) await passed(Math.max(0, dueMs - performance.now() - 1));
    asked.push(ask(paths[n % paths.length], dueMs));
  }
  await Promise.all(asked);
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const seconds = (performance.now() - startMs) / 1000;
  return { statuses, failed, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
