import { safeCopy } from '../context/safe-copy';
import type { RavenEvent, User } from '../protocol/event';
import { stringTags } from './event-limits';
import { readableText } from './readable-text';

/** The keys of a user that servers know; they keep everything else under `data`. */
const USER_TEXTS: ReadonlySet<string> = new Set(['id', 'username', 'email', 'ip_address', 'name']);

/**
 * The event as today's servers take it, whatever `beforeSend` left of it. Two of raven's fields have new
 * names there: `message` is `logentry` (of an exception it is made by the server), `culprit` is `transaction`.
 */
export function wireEvent(event: RavenEvent): RavenEvent {
  const { message, culprit, stacktrace, ...wire } = safeCopy(event) as RavenEvent & { stacktrace?: never };
  if (message !== undefined && message !== null && !wire.exception) {
    const shown = readableText(message);
    const entry = wire.logentry;
    if (!entry) wire.logentry = { message: shown };
    else if (shown !== (entry.formatted ?? entry.message)) wire.logentry = { ...entry, formatted: shown };
  }
  if (culprit !== undefined && wire.transaction === undefined) {
    wire.transaction = culprit;
    wire.transaction_info = { source: 'custom' };
  }
  if (stacktrace !== undefined) {
    wire.threads ??= { values: [{ id: 0, current: true, crashed: false, stacktrace }] };
  }
  wire.tags = stringTags(wire.tags);
  if (wire.fingerprint) wire.fingerprint = [wire.fingerprint].flat().map(readableText);
  if (wire.user) wire.user = wireUser(wire.user);
  return wire as RavenEvent;
}

function wireUser(user: User): User {
  const { data, geo, ...fields } = safeCopy(user);
  const wire: User = {};
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (USER_TEXTS.has(key)) wire[key] = readableText(value);
    else others[key] = value;
  }
  if (typeof geo === 'object' && geo !== null) wire.geo = geo;
  const given = typeof data === 'object' ? safeCopy(data) : data === undefined ? {} : { data };
  if (Object.keys(others).length + Object.keys(given).length > 0) wire.data = { ...others, ...given };
  return wire;
}
