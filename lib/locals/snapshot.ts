import { EventEmitter } from 'node:events';
import { types } from 'node:util';
import { cutText } from '../event/cut-text';
import type { Json } from '../protocol/event';

/** How much is kept of the variables of one frame. */
const MAX_VARIABLES = 25;
const MAX_DEPTH = 3;
const MAX_ENTRIES = 20;
const MAX_TEXT = 2048;
/** Of all variables of a frame together. */
const MAX_NODES = 200;
const MAX_TOTAL_TEXT = 16_384;
/** There is no way to ask for the first keys only: an object that turned out to have more is not asked again. */
const MANY_KEYS = 1000;
const MAX_PROTOTYPES = 20;
/** What Node puts into the scope of each CommonJS module. */
const OF_MODULES: ReadonlySet<string> = new Set(['exports', 'require', 'module', '__filename', '__dirname']);

const enormous = new WeakSet<object>();

/**
 * The variables of a frame as plain data of bounded size. No code of the app's runs: getters are not called, proxies
 * are not asked, and no method or iterator of a value is used but the language's own.
 *
 * What stands for a connection (streams, sockets, requests; whatever is an EventEmitter or wraps one as `raw`) is
 * told by its class only: half of an app hangs on it. So is what has a `toJSON`. There are no nulls, which some servers refuse: `null` and
 * `undefined` are texts. Never throws.
 *
 * @param scopes - objects with the variables as properties, the innermost scope first
 */
export function snapshot(scopes: readonly unknown[]): Record<string, Json> {
  const variables: Record<string, Json> = {};
  const taking = new Snapshot();
  let count = 0;
  for (const scope of scopes) {
    for (const name of Object.keys(scope as object)) {
      if (count >= MAX_VARIABLES || Object.hasOwn(variables, name) || OF_MODULES.has(name)) continue;
      const value = taking.member(scope as object, name, 0);
      if (value === undefined) continue;
      define(variables, name, value);
      count += 1;
    }
  }
  return variables;
}

class Snapshot {
  private readonly path = new Set<object>();
  private nodesLeft = MAX_NODES;
  private textLeft = MAX_TOTAL_TEXT;

  /** @returns undefined where there is nothing to read: a variable that is not initialized yet */
  member(holder: object, key: PropertyKey, depth: number): Json | undefined {
    try {
      const property = Object.getOwnPropertyDescriptor(holder, key);
      if (property === undefined) return undefined;
      return 'value' in property ? this.value(property.value, depth) : '<getter>';
    } catch {
      return undefined;
    }
  }

  private value(value: unknown, depth: number): Json {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'undefined':
        return 'undefined';
      case 'bigint':
        return this.bigint(value);
      case 'symbol':
        return this.text(String(value));
      default:
        return value === null ? 'null' : this.object(value as object, depth);
    }
  }

  private text(text: string): string {
    const kept = cutText(text, Math.max(0, Math.min(MAX_TEXT, this.textLeft)));
    this.textLeft -= kept.length;
    return kept;
  }

  /** Writing out the digits of a large one takes its time. */
  private bigint(value: bigint): string {
    return BigInt.asIntN(256, value) === value ? this.text(value.toString()) : '[BigInt]';
  }

  private object(value: object, depth: number): Json {
    if (types.isProxy(value)) return '[Proxy]';
    if (this.path.has(value)) return '<...>';
    const isFunction = typeof value === 'function';
    if (isFunction) return this.text(`[Function: ${ownText(value, 'name') || 'anonymous'}]`);
    if (this.nodesLeft <= 0 || this.textLeft <= 0) return '<too much data>';
    this.nodesLeft -= 1;
    this.path.add(value);
    try {
      return this.expanded(value, depth);
    } finally {
      this.path.delete(value);
    }
  }

  private expanded(value: object, depth: number): Json {
    const short = shortForm(value);
    if (short !== undefined) return this.text(short);
    const isList = Array.isArray(value) || types.isArgumentsObject(value);
    if (depth >= MAX_DEPTH || isConnection(value) || hasOwnForm(value))
      return isList ? '[Array]' : `[${classOf(value)}]`;
    if (isList) return this.list(value, depth);
    if (types.isSet(value)) return this.set(value, depth);
    if (types.isMap(value)) return this.map(value, depth);
    if (enormous.has(value)) return `[${classOf(value)}]`;
    return this.mapping(value, depth);
  }

  private list(list: object, depth: number): Json {
    const length = Number(Object.getOwnPropertyDescriptor(list, 'length')?.value ?? 0);
    const kept: Json[] = [];
    for (let index = 0; index < Math.min(length, MAX_ENTRIES); index++) {
      kept.push(this.member(list, index, depth + 1) ?? 'undefined');
    }
    if (length > MAX_ENTRIES) kept.push(`<${length - MAX_ENTRIES} more>`);
    return kept;
  }

  private set(set: ReadonlySet<unknown>, depth: number): Json {
    const kept: Json[] = [];
    const values: Iterator<unknown> = Set.prototype.values.call(set);
    for (let next = values.next(); !next.done && kept.length < MAX_ENTRIES; next = values.next()) {
      kept.push(this.value(next.value, depth + 1));
    }
    return kept;
  }

  private map(map: ReadonlyMap<unknown, unknown>, depth: number): Json {
    const kept: Record<string, Json> = {};
    const entries: Iterator<[unknown, unknown]> = Map.prototype.entries.call(map);
    let count = 0;
    for (let next = entries.next(); !next.done && count < MAX_ENTRIES; next = entries.next()) {
      const [key, value] = next.value;
      const name = this.value(key, MAX_DEPTH);
      define(kept, typeof name === 'string' ? name : JSON.stringify(name), this.value(value, depth + 1));
      count += 1;
    }
    return kept;
  }

  private mapping(value: object, depth: number): Json {
    const isError = types.isNativeError(value);
    // Not those that are not enumerable: an error's stack is worked out when it is read, by what an app made of it.
    const keys = isError ? ['message', ...Object.keys(value)] : Object.keys(value);
    if (keys.length > MANY_KEYS) enormous.add(value);
    const kept: Record<string, Json> = isError ? { class: classOf(value) } : {};
    let count = 0;
    for (const key of keys) {
      if (count >= MAX_ENTRIES) break;
      const member = this.member(value, key, depth + 1);
      if (member === undefined) continue;
      define(kept, this.text(key), member);
      count += 1;
    }
    return kept;
  }
}

const WITH_BYTES: readonly object[] = [
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  DataView.prototype,
  ArrayBuffer.prototype,
  SharedArrayBuffer.prototype,
];

/** The text of what is not expanded. */
function shortForm(value: object): string | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return bytesText(value);
  if (types.isRegExp(value)) return '[RegExp]';
  if (types.isPromise(value)) return '[Promise]';
  if (types.isWeakMap(value) || types.isWeakSet(value)) return `[${classOf(value)}]`;
  if (types.isBoxedPrimitive(value)) return `[${classOf(value)}]`;
  if (types.isGeneratorObject(value)) return '[Generator]';
  if (types.isModuleNamespaceObject(value)) return '[Module]';
  return undefined;
}

/** How long bytes are is asked of the language's own getters: a class of the app's may have another one. */
function bytesText(value: object): string {
  for (const prototype of WITH_BYTES) {
    try {
      return `[${classOf(value)}: ${Number(Reflect.get(prototype, 'byteLength', value))} bytes]`;
    } catch {
      // It is of another kind.
    }
  }
  return `[${classOf(value)}]`;
}

function isConnection(value: object): boolean {
  return isEmitter(value) || isEmitter(Object.getOwnPropertyDescriptor(value, 'raw')?.value);
}

/** Whether it would say itself what it shows: what it hides from JSON is not shown, and it cannot be asked. */
function hasOwnForm(value: object): boolean {
  return [value, ...prototypesOf(value)].some(
    (holder) => !types.isProxy(holder) && Object.hasOwn(holder, 'toJSON'),
  );
}

/** Not by `instanceof`, which asks proxies among the prototypes. */
function isEmitter(value: unknown): boolean {
  return prototypesOf(value).includes(EventEmitter.prototype);
}

function prototypesOf(value: unknown): object[] {
  const found: object[] = [];
  let current = value;
  while (typeof current === 'object' && current !== null && found.length < MAX_PROTOTYPES) {
    if (types.isProxy(current)) break;
    current = Object.getPrototypeOf(current) as unknown;
    if (typeof current === 'object' && current !== null) found.push(current);
  }
  return found;
}

function classOf(value: object): string {
  for (const prototype of prototypesOf(value)) {
    if (types.isProxy(prototype)) break;
    const property = Object.getOwnPropertyDescriptor(prototype, 'constructor');
    if (property === undefined) continue;
    return cutText(ownText(property.value, 'name') || 'Object', 100);
  }
  return 'Object';
}

/** A text that an object has itself; undefined where it would have to be worked out. */
function ownText(holder: unknown, key: string): string | undefined {
  if ((typeof holder !== 'function' && typeof holder !== 'object') || holder === null) return undefined;
  if (types.isProxy(holder)) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Not by assignment: `__proto__` is a name like any other. */
function define(holder: object, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
