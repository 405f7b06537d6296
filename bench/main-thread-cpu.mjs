import { readFileSync } from 'node:fs';

/**
 * What the main thread alone has spent on a core since it began, in µs: other load on the machine does not show in it.
 * Linux tells it; elsewhere undefined.
 */
export function mainThreadCpuUs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1000;
  } catch {
    return undefined;
  }
}
