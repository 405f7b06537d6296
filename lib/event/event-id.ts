import { randomUUID } from 'node:crypto';

/** A new id of an event: a UUID v4 as 32 lower-case hex digits, without dashes. */
export function newEventId(): string {
  return randomUUID().replaceAll('-', '');
}
