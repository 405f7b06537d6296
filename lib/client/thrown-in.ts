import { safeRead } from '../event/safe-read';
import type { RavenEvent } from '../protocol/event';

/** What was thrown, of an event's exceptions: the last one. Processors may have left anything there. */
export function thrownIn(event: RavenEvent): unknown {
  const values = safeRead(event.exception, 'values');
  return Array.isArray(values) ? (values as unknown[]).at(-1) : undefined;
}
