import { safeString } from '../event/safe-read';

/** The id the app gives its event: 32 hex digits, also with a UUID's dashes; servers refuse anything else. */
export function givenEventId(data: unknown): string | undefined {
  const id = safeString(data, 'event_id')?.replaceAll('-', '').toLowerCase();
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}
