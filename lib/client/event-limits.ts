import { normalize, type NormalizeLimits } from '../event/normalize';
import type { LogEntry, RavenEvent, User } from '../protocol/event';
import { withinVarsSize } from './frame-vars';
import { withinSizes } from './part-sizes';
import { put } from '../event/plain-members';
import { shortText } from './readable-text';

/**
 * How long a string may be while the processors look at it: long enough for them to see whole JSON bodies
 * and query strings, short enough to bound their work.
 */
const LONGEST_SEEN_BY_PROCESSORS = 16_384;
const LONGEST_LIST_SEEN = 250;
/** Of each part that an app gives; what is beyond would be cut anyway, and takes time. */
const MOST_NODES_SEEN = 2000;
/** Of what the client made itself, within limits of its own. What comes last there matters most. */
const OWN_PARTS: ReadonlySet<string> = new Set(['exception', 'breadcrumbs']);
const OWN_LIMITS = { maxListLength: 1000, maxNodes: 20_000, maxTotalLength: 4 * 1024 * 1024 };
/** Deeper than raven's depth of 6 in extra: an event's own structure stands above it. */
const DEEPEST_SEEN = 12;

/** The lengths servers cut at (wire-protocol, 'Limits'): what they would cut, the client cuts. */
const MAX_TEXT = 8192;
const MAX_NAME = 200;
const MAX_TAG = 200;
const NOT_IN_TAG_KEYS = /[^\w.:-]/gu;
const UNFIT_KEY = /[^\w.:-]/u;
const UNFIT_VALUE = /[\r\n]|^\s|\s$/;
const MAX_USER_FIELD = 128;
const MAX_EMAIL = 75;
const MAX_LOGGER = 64;

/** Parts of an event whose values an app gives, and whose depth and lengths are raven's. */
const SERIALIZED_PARTS = ['extra'] as const;

/**
 * The event as plain JSON data: hostile values made harmless, depth and size bounded, nothing cut short yet that a
 * processor must see.
 *
 * @param own - an exception that was made here: nothing in it but its mechanisms is of anybody else's making
 */
export function plainEvent(event: Record<string, unknown>, own?: unknown): RavenEvent {
  const plain: Record<string, unknown> = {};
  const seen: NormalizeLimits = {
    maxDepth: DEEPEST_SEEN,
    maxListLength: LONGEST_LIST_SEEN,
    maxStringLength: LONGEST_SEEN_BY_PROCESSORS,
    maxNodes: MOST_NODES_SEEN,
  };
  for (const [key, value] of Object.entries(event)) {
    if (value === undefined || value === null) continue;
    if (value === own) plain[key] = plainException(own as NonNullable<RavenEvent['exception']>, seen);
    else plain[key] = normalize(value, OWN_PARTS.has(key) ? { ...seen, ...OWN_LIMITS } : seen);
  }
  plain.tags = stringTags(plain.tags, LONGEST_SEEN_BY_PROCESSORS);
  return plain as RavenEvent;
}

function plainException(
  { values }: NonNullable<RavenEvent['exception']>,
  limits: NormalizeLimits,
): NonNullable<RavenEvent['exception']> {
  return {
    values: values.map((value) => ({
      ...value,
      mechanism: normalize(value.mechanism, limits) as unknown as typeof value.mechanism,
    })),
  };
}

/**
 * The event in the lengths that raven and the servers ask for.
 *
 * @param maxValueLength - of messages, in characters; what servers cut at is never passed
 */
export function cutEvent(event: RavenEvent, limits: NormalizeLimits, maxValueLength = MAX_TEXT): RavenEvent {
  const maxText = Math.min(maxValueLength, MAX_TEXT);
  // A part that was emptied with null is no part of the event.
  const cut = {} as RavenEvent;
  for (const [key, value] of Object.entries(event)) {
    if (value !== null && value !== undefined) put(cut, key, value);
  }
  cut.tags = stringTags(cut.tags);
  for (const part of SERIALIZED_PARTS) cut[part] = entries(cut[part], limits);
  if (cut.message !== undefined) cut.message = shortText(cut.message, maxText);
  if (cut.exception !== undefined) cut.exception = shortExceptions(cut.exception, maxText);
  if (cut.transaction !== undefined) cut.transaction = shortText(cut.transaction, MAX_NAME);
  if (cut.culprit !== undefined) cut.culprit = shortText(cut.culprit, MAX_NAME);
  if (cut.logger !== undefined) cut.logger = shortText(cut.logger, MAX_LOGGER).replaceAll(/[\r\n]+/g, ' ');
  if (cut.fingerprint !== undefined) cut.fingerprint = strings(cut.fingerprint);
  if (cut.logentry !== undefined) cut.logentry = logEntry(cut.logentry, limits, maxText);
  if (cut.user !== undefined) cut.user = user(cut.user, limits);
  if (Array.isArray(cut.exception?.values)) {
    cut.exception = { ...cut.exception, values: withinVarsSize(cut.exception.values, limits) };
  }
  return withinSizes(cut);
}

/** Whatever a processor left there. */
function shortExceptions(exception: NonNullable<RavenEvent['exception']>, maxText: number): typeof exception {
  if (!Array.isArray(exception?.values)) return exception;
  const values = exception.values.map((value) =>
    typeof value?.value === 'string' && value.value.length > maxText
      ? { ...value, value: shortText(value.value, maxText) }
      : value,
  );
  return { ...exception, values };
}

function logEntry(entry: LogEntry | string, limits: NormalizeLimits, maxText: number): LogEntry {
  const { message, formatted, params } = typeof entry === 'object' ? entry : { message: entry };
  return {
    message: shortText(message ?? '', maxText),
    ...(formatted !== undefined && { formatted: shortText(formatted, maxText) }),
    ...(params !== undefined && { params: normalize(params, limits) }),
  };
}

/** Each entry on its own, so that the depth counts from the value. */
function entries(values: unknown, limits: NormalizeLimits): Record<string, unknown> {
  if (typeof values !== 'object' || values === null) return {};
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(values)) put(result, key, normalize(property(values, key), limits));
  return result;
}

function property(holder: object, key: string): unknown {
  try {
    return (holder as Record<string, unknown>)[key];
  } catch {
    return '<unreadable>';
  }
}

/**
 * Tags as servers take them, which drop all others: keys of letters, digits and `_.:-`, values on one line and not
 * empty. Booleans are written as raven-python and Sentry write them: `True`, `False`.
 *
 * @param maxLength - of a value; processors see more than is sent, as a secret that was cut shows less of what it is
 */
export function stringTags(tags: unknown, maxLength = MAX_TAG): Record<string, string> {
  if (typeof tags !== 'object' || tags === null) return {};
  return fittingTags(tags, maxLength) ?? mendedTags(tags, maxLength);
}

/** Most tags are as they should be. @returns undefined where one is not */
function fittingTags(tags: object, maxLength: number): Record<string, string> | undefined {
  const result: Record<string, string> = {};
  for (const key of Object.keys(tags)) {
    const value: unknown = (tags as Record<string, unknown>)[key];
    if (typeof value !== 'string' || value === '' || value.length > maxLength || UNFIT_VALUE.test(value))
      return undefined;
    if (key === '' || key.length > MAX_TAG || UNFIT_KEY.test(key)) return undefined;
    put(result, key, value);
  }
  return result;
}

function mendedTags(tags: object, maxLength: number): Record<string, string> {
  const result = new Map<string, string>();
  for (const [given, value] of Object.entries(tags)) {
    if (value === undefined || value === null) continue;
    const text = shortText(tagText(value), maxLength)
      .replaceAll(/[\r\n]+/g, ' ')
      .trim();
    const key = given.slice(0, MAX_TAG).replaceAll(NOT_IN_TAG_KEYS, '-');
    if (key !== '' && text !== '') result.set(freeKey(key, result), text);
  }
  return Object.fromEntries(result);
}

/** Names that differ only in what a key cannot have stay different. */
function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  let free = key;
  for (let count = 2; taken.has(free); count++) free = `${key.slice(0, MAX_TAG - 4)}-${count}`;
  return free;
}

function tagText(value: unknown): unknown {
  if (value === true) return 'True';
  return value === false ? 'False' : value;
}

/** A user's fields as text; one that is only a name or a number is an id. */
function user(fields: User | string | number, limits: NormalizeLimits): User {
  if (typeof fields !== 'object') return { id: shortText(fields, MAX_USER_FIELD) };
  const result: User = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    result[key] = typeof value === 'object' ? normalize(value, limits) : userText(key, value);
  }
  return result;
}

/** A field of a user in the length that servers keep. */
export function userText(key: string, value: unknown): string {
  return shortText(value, key === 'email' ? MAX_EMAIL : MAX_USER_FIELD);
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((entry) => shortText(entry, MAX_NAME));
}
