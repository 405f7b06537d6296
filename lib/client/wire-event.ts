import { safeCopy } from '../context/safe-copy';
import type { BreadcrumbValue, RavenEvent, StackFrame, User } from '../protocol/event';
import { safeRead } from '../event/safe-read';
import { SDK } from '../protocol/sdk';
import { stackTracesOf } from '../protocol/shared-frames';
import { levelOf } from './event-level';
import { stringTags, userText } from './event-limits';
import { withinEventSize } from './event-size';
import { readableText } from './readable-text';
import { wireRequest } from './wire-request';

/** The keys of an event that servers know. */
const EVENT_KEYS: ReadonlySet<string> = new Set([
  'breadcrumbs',
  'contexts',
  'debug_meta',
  'dist',
  'environment',
  'event_id',
  'exception',
  'extra',
  'fingerprint',
  'level',
  'logentry',
  'logger',
  'modules',
  'platform',
  'release',
  'request',
  'sdk',
  'server_name',
  'tags',
  'threads',
  'time_spent',
  'timestamp',
  'transaction',
  'transaction_info',
  'type',
  'user',
]);

/** What servers keep of the path of a frame. */
const MAX_PATH_LENGTH = 256;

/** The keys of a user that servers know; they keep everything else under `data`. */
const USER_TEXTS: ReadonlySet<string> = new Set(['id', 'username', 'email', 'ip_address', 'name']);

/**
 * The event as today's servers take it, whatever `beforeSend` left of it. Two of raven's fields have new
 * names there: `message` is `logentry` (of an exception it is made by the server), `culprit` is `transaction`.
 * What servers would throw away (raven's `repos`, keys of the app's own) goes along as extra, and what they would
 * refuse the event for is left out; so is, of one that is too large, what tells least.
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
  mendTypes(wire);
  dropLongPaths(wire);
  if (wire.fingerprint) wire.fingerprint = [wire.fingerprint].flat().map(readableText);
  if (wire.user) wire.user = wireUser(wire.user);
  const request = wireRequest(wire.request);
  if (request) wire.request = request;
  else delete wire.request;
  if (wire.breadcrumbs?.values) wire.breadcrumbs = { values: wire.breadcrumbs.values.map(wireBreadcrumb) };
  return withinEventSize(withKnownKeys(wire as RavenEvent));
}

/** Servers cut them, and half a path is that of another file; the `filename` stands for it. */
function dropLongPaths(wire: Partial<RavenEvent>): void {
  const isLong = ({ abs_path: path, filename }: StackFrame): boolean =>
    typeof path === 'string' && path.length > MAX_PATH_LENGTH && filename !== undefined;
  for (const stacktrace of stackTracesOf(wire)) {
    if (!stacktrace.frames.some(isLong)) continue;
    stacktrace.frames = stacktrace.frames.map((frame) => {
      if (!isLong(frame)) return frame;
      const { abs_path: _, ...kept } = frame;
      return kept;
    });
  }
}

/** What a server would refuse the whole event for. */
function mendTypes(wire: Partial<RavenEvent>): void {
  if (!isTime(wire.timestamp)) delete wire.timestamp;
  if (typeof wire.platform !== 'string') wire.platform = 'node';
  if (typeof wire.sdk?.name !== 'string' || typeof wire.sdk.version !== 'string') wire.sdk = SDK;
  for (const part of ['exception', 'breadcrumbs', 'threads'] as const) {
    const given: unknown = wire[part];
    const values: unknown = Array.isArray(given) ? given : safeRead(given, 'values');
    if (Array.isArray(values) && (values.length > 0 || part === 'breadcrumbs'))
      wire[part] = { values } as never;
    else delete wire[part];
  }
}

/** Seconds, or a date as text. */
function isTime(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function withKnownKeys(event: RavenEvent): RavenEvent {
  const unknown = Object.keys(event).filter((key) => !EVENT_KEYS.has(key));
  if (unknown.length === 0) return event;
  const wire: RavenEvent = { ...event, extra: { ...event.extra } };
  for (const key of unknown) {
    if (event[key] !== undefined && event[key] !== null) wire.extra[key] ??= event[key];
    delete wire[key];
  }
  return wire;
}

/** A level that servers do not know would lose them the crumb. */
function wireBreadcrumb(crumb: BreadcrumbValue): BreadcrumbValue {
  return { ...crumb, level: levelOf(crumb.level) ?? null };
}

function wireUser(user: User): User {
  const { data, geo, ...fields } = safeCopy(user);
  const wire: User = {};
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (USER_TEXTS.has(key)) wire[key] = userText(key, value);
    else others[key] = value;
  }
  if (typeof geo === 'object' && geo !== null) wire.geo = geo;
  const given = typeof data === 'object' ? safeCopy(data) : data === undefined ? {} : { data };
  if (Object.keys(others).length + Object.keys(given).length > 0) wire.data = { ...others, ...given };
  return wire;
}
