import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Which cores what runs on: the app has the first for itself, so that neither the load nor the receiver takes its
 * time or its cache. Undefined where nothing can be pinned, or there is one core.
 */
export const CORES = canPin() ? { app: '0', others: `1-${availableParallelism() - 1}` } : undefined;

function canPin() {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-c', `0-${availableParallelism() - 1}`, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
