import type { ResolvedOptions } from '../raven.options';
import type { RavenStats } from './raven-stats';

/** What the log is told when a process ends with undelivered events. */
export function undeliveredLine(
  quantity: number,
  { lastError }: RavenStats,
  { spool, transport }: ResolvedOptions,
): string {
  const why = lastError ? ` (the last error was: ${lastError.message})` : '';
  const advice = spool || transport ? '' : '; the option "spool" would keep them';
  return `the process ends with ${quantity} undelivered${why}${advice}`;
}
