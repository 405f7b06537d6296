import { formatWithOptions, inspect, types, type InspectOptions } from 'node:util';
import { ownText } from '../context/own-text';
import { className, safeString } from '../event/safe-read';

/** Events show no more of a breadcrumb's message. */
const MAX_TEXT_LENGTH = 1024;
const MAX_VALUES = 10;
const MAX_PROPERTIES = 20;
const MAX_DEPTH = 2;
const INSPECT: InspectOptions = { depth: MAX_DEPTH, breakLength: Infinity, compact: 10, colors: false };

/**
 * What was given to a logger, as a breadcrumb may keep it: nothing of the app's is held, and what the app
 * changes later does not show. Objects become copies of their first properties, two levels deep; getters are
 * not called. Nothing is formatted yet; `loggedText` does that.
 */
export function loggedValues(values: readonly unknown[]): unknown[] {
  const kept: unknown[] = [];
  for (let index = 0; index < values.length && index < MAX_VALUES; index++) {
    kept.push(copyOf(values[index], 0));
  }
  return kept;
}

/**
 * The line that `console` makes of such values.
 *
 * @param hasFormat - whether a text in the first place is a format, as for `console`
 */
export function loggedText(values: readonly unknown[], hasFormat: boolean): string {
  return hasFormat && typeof values[0] === 'string'
    ? formatWithOptions(INSPECT, ...values)
    : values
        .map((value) => (typeof value === 'string' ? value : formatWithOptions(INSPECT, value)))
        .join(' ');
}

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return ownText(value, MAX_TEXT_LENGTH);
  if (typeof value === 'function')
    return new Shown(`[Function: ${safeString(value, 'name') || 'anonymous'}]`);
  if (typeof value !== 'object' || value === null) return value;
  return copyOfObject(value, depth);
}

function copyOfObject(value: object, depth: number): unknown {
  if (types.isProxy(value)) return new Shown('[Proxy]');
  if (types.isNativeError(value)) return new Shown(errorLine(value));
  if (types.isDate(value)) return new Date(value.getTime());
  if (types.isRegExp(value) || value instanceof URL)
    return new Shown(ownText(String(value), MAX_TEXT_LENGTH));
  if (depth >= MAX_DEPTH || isOpaque(value)) return new Shown(`[${className(value)}]`);
  return Array.isArray(value) ? copyOfList(value, depth) : copyOfProperties(value, depth);
}

/** What has its content elsewhere than in properties. */
function isOpaque(value: object): boolean {
  return (
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value)
  );
}

function copyOfList(list: readonly unknown[], depth: number): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length && index < MAX_PROPERTIES; index++) {
    copy.push(copyOfProperty(list, String(index), depth));
  }
  if (list.length > MAX_PROPERTIES) copy.push(new Shown(`... ${list.length - MAX_PROPERTIES} more`));
  return copy;
}

function copyOfProperties(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const keys = Object.keys(value);
  for (let index = 0; index < keys.length && index < MAX_PROPERTIES; index++) {
    const key = keys[index];
    // It would become the copy's prototype.
    if (key === '__proto__') continue;
    copy[ownText(key, MAX_TEXT_LENGTH)] = copyOfProperty(value, key, depth);
  }
  if (keys.length > MAX_PROPERTIES) copy['...'] = new Shown(`${keys.length - MAX_PROPERTIES} more`);
  return copy;
}

function copyOfProperty(holder: object, key: string, depth: number): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  return property?.get ? new Shown('[Getter]') : copyOf(property?.value, depth + 1);
}

function errorLine(error: object): string {
  const name = safeString(error, 'name') ?? 'Error';
  const message = ownText(safeString(error, 'message') ?? '', MAX_TEXT_LENGTH);
  return message === '' ? name : `${name}: ${message}`;
}

/** What is shown as it stands, without quotes. */
class Shown {
  constructor(readonly text: string) {}

  [inspect.custom](): string {
    return this.text;
  }
}
