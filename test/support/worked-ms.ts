import { cpuUsage } from 'node:process';

/** How long some work took, in milliseconds; that the process had to wait for a processor does not count. */
export function workedMs(work: () => void): number {
  const startMs = performance.now();
  const before = cpuUsage();
  work();
  const { user, system } = cpuUsage(before);
  // Other threads of the process, such as the collector's, may have worked at the same time.
  return Math.min(performance.now() - startMs, (user + system) / 1000);
}
