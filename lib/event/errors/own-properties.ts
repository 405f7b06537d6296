import { types } from 'node:util';
import { cutText } from '../cut-text';
import { normalize } from '../normalize';
import { className, safeRead, safeString } from '../safe-read';
import { sqlWithoutValues } from '../sql-without-values';
import type { DetailOptions } from './error-kind';
import { firstOf, isList, isPlainMapping, ownKeys } from './plain-mapping';

const MAX_DEPTH = 3;
const MAX_ENTRIES = 20;
const MAX_TEXT = 1024;

/** What the event tells elsewhere. */
const TOLD: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);
/** Objects of a connection, and what was sent over it: large, and full of credentials. Never told. */
const CONNECTION =
  /^(?:config|options|headers|rawHeaders|cookies?|request|req|res|socket|agent|client|connection|stack|stacktrace|auth|parent|original)$/i;
/** What people or the app gave. Told only where personal data may be. */
const VALUES =
  /^(?:parameters|params|args|arguments|bindings|variables|values?|data|body|input|payload|keyValue|instance|target|record|document|detail|command|cmd|escapedCommand|spawnargs|argv|stdout|stderr|stdio|output)$/i;
const QUERY = /^(?:sql|query|internalQuery|statement)$/i;

/**
 * What an error tells by properties of its own (`code`, `errno`, `response` …), to a depth of 3 and 20 entries each.
 * Objects of classes are not looked into, as they may be sockets, requests or whole documents: of an answer the
 * status is told, of another error its type and code, of the others the class. Never throws.
 */
export function ownProperties(error: object, options: DetailOptions): Record<string, unknown> {
  const message = safeString(error, 'message');
  const told = mapping(error, 0, options, (key) => !TOLD.has(key));
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== message));
}

/** A value as {@link ownProperties} tells it. */
export function plainDetail(value: unknown, options: DetailOptions, depth = 0): unknown {
  if (typeof value === 'string') return cutText(value, MAX_TEXT);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value) || types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value))
    return normalize(value);
  if (isList(value)) {
    return depth >= MAX_DEPTH
      ? '[Array]'
      : firstOf(value, MAX_ENTRIES).map((entry) => plainDetail(entry, options, depth + 1) ?? null);
  }
  if (!isPlainMapping(value)) return ofClass(value);
  return depth >= MAX_DEPTH ? '[Object]' : mapping(value, depth, options, () => true);
}

function mapping(
  holder: object,
  depth: number,
  options: DetailOptions,
  isTold: (key: string) => boolean,
): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const key of ownKeys(holder, 10 * MAX_ENTRIES)) {
    if (entries.length >= MAX_ENTRIES) break;
    if (!isTold(key) || CONNECTION.test(key) || (VALUES.test(key) && !options.sendDefaultPii)) continue;
    const value = safeRead(holder, key);
    const told =
      typeof value === 'string' && QUERY.test(key)
        ? sqlWithoutValues(value)
        : plainDetail(value, options, depth + 1);
    if (told !== undefined) entries.push([key, told]);
  }
  return Object.fromEntries(entries);
}

function ofClass(value: object): unknown {
  const status = safeRead(value, 'status') ?? safeRead(value, 'statusCode');
  if (typeof status === 'number') return { status };
  const code = safeRead(value, 'code');
  const name = className(value);
  if (name === 'URL') return safeString(value, 'href');
  return isError(value) && (typeof code === 'string' || typeof code === 'number')
    ? { name, code }
    : `[${name}]`;
}

function isError(value: object): boolean {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    return false;
  }
}
