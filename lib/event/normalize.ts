import { types } from 'node:util';
import type { Json } from '../protocol/event';
import { cutText } from './cut-text';
import { put } from './plain-members';
import { className, safeRead, safeString } from './safe-read';
import { forget, isThenable } from './thenable';

/** How much of a value is kept. */
export interface NormalizeLimits {
  /** How deep lists and mappings are followed; what is deeper becomes a short text. */
  maxDepth: number;
  /** Longest list or mapping, in entries. */
  maxListLength: number;
  /** Longest string, in UTF-16 units; a longer one ends in `...`. */
  maxStringLength: number;
  /** How many objects and lists are looked at in all; default 20,000. */
  maxNodes?: number;
  /** Once texts of so many UTF-16 units are kept, nothing more is; default 1 Mi. */
  maxTotalLength?: number;
}

/** raven-python's depth, `list_max_length` and `string_max_length`. */
export const DEFAULT_LIMITS: NormalizeLimits = { maxDepth: 6, maxListLength: 50, maxStringLength: 400 };

const MAX_NODES = 20_000;
const MAX_TOTAL_LENGTH = 1024 * 1024;
/** How often a form that an object gives of itself may itself have one, in a row or inside each other. */
const MAX_FORMS = 32;
const CYCLE = '<...>';
const TOO_MUCH = '<too much data>';

/**
 * Any value as plain JSON data of bounded size. Never throws, whatever getters, proxies, `toJSON` or cycles
 * there are; work is bounded by the limits, not by the value.
 *
 * JSON's types stay what they are. A value met again inside itself becomes `<...>`; one that cannot be read
 * becomes its type's name; an object with a method `__sentry__` or `toJSON` says itself what it is.
 * Source: raven-python's serialization.
 */
export function normalize(value: unknown, limits: NormalizeLimits = DEFAULT_LIMITS): Json {
  if (typeof value === 'string') return cutText(value, limits.maxStringLength);
  return new Normalizer(limits).value(value, 0) ?? null;
}

class Normalizer {
  private readonly path = new Set<object>();
  private nodesLeft: number;
  private lengthLeft: number;
  private formsLeft = MAX_FORMS;

  constructor(private readonly limits: NormalizeLimits) {
    this.nodesLeft = limits.maxNodes ?? MAX_NODES;
    this.lengthLeft = limits.maxTotalLength ?? MAX_TOTAL_LENGTH;
  }

  /** @returns undefined for undefined, which has no place in JSON */
  value(value: unknown, depth: number): Json | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
        return this.text(value.toString());
      case 'symbol':
        return this.text(value.toString());
      case 'undefined':
        return undefined;
      case 'function':
        return this.text(`[Function: ${safeString(value, 'name') || 'anonymous'}]`);
      default:
        return value === null ? null : this.object(value as object, depth);
    }
  }

  private object(value: object, depth: number): Json {
    if (this.path.has(value)) return CYCLE;
    if (--this.nodesLeft < 0) return TOO_MUCH;
    this.path.add(value);
    try {
      return this.expanded(value, depth);
    } catch {
      return `<${className(value)}>`;
    } finally {
      this.path.delete(value);
    }
  }

  private expanded(value: object, depth: number): Json {
    const short = shortForm(value);
    if (short !== undefined) return this.text(short);
    const own = this.formsLeft > 0 ? ownForm(value) : undefined;
    if (own && own.form !== value) return this.ownForm(own.form, depth);
    const isList = Array.isArray(value) || types.isSet(value);
    if (depth >= this.limits.maxDepth) return isList ? '[Array]' : `[${className(value)}]`;
    if (isList) return this.list(value as Iterable<unknown>, depth);
    if (types.isMap(value)) return this.map(value as Map<unknown, unknown>, depth);
    const isError = types.isNativeError(value) || value instanceof Error;
    return this.members(isError ? errorKeys(value) : Object.keys(value), value, depth);
  }

  private ownForm(form: unknown, depth: number): Json {
    this.formsLeft -= 1;
    try {
      return this.value(form, depth) ?? null;
    } finally {
      this.formsLeft += 1;
    }
  }

  private list(values: Iterable<unknown>, depth: number): Json[] {
    const list: Json[] = [];
    for (const value of values) {
      if (list.length >= this.limits.maxListLength || this.isFull) break;
      list.push(this.value(value, depth + 1) ?? null);
    }
    return list;
  }

  private map(map: Map<unknown, unknown>, depth: number): Json {
    const mapping: Record<string, Json> = {};
    let length = 0;
    for (const [key, member] of map) {
      if (length >= this.limits.maxListLength || this.isFull) break;
      const isObject = typeof key === 'object' || typeof key === 'function';
      const name = isObject ? className(key) : String(key as string | symbol);
      if (this.put(mapping, name, this.value(member, depth + 1))) length += 1;
    }
    return mapping;
  }

  private members(keys: readonly string[], holder: object, depth: number): Json {
    const mapping: Record<string, Json> = {};
    let length = 0;
    for (const key of keys) {
      if (length >= this.limits.maxListLength || this.isFull) break;
      if (this.put(mapping, key, this.member(holder, key, depth))) length += 1;
    }
    return mapping;
  }

  /** @returns false for undefined, which has no place in JSON */
  private put(mapping: Record<string, Json>, key: string, value: Json | undefined): boolean {
    if (value === undefined) return false;
    put(mapping, this.text(key), value);
    return true;
  }

  private member(holder: object, key: string, depth: number): Json | undefined {
    let value: unknown;
    try {
      value = (holder as Record<string, unknown>)[key];
    } catch {
      return '<unreadable>';
    }
    return this.value(value, depth + 1);
  }

  private get isFull(): boolean {
    return this.nodesLeft < 0 || this.lengthLeft < 0;
  }

  private text(text: string): string {
    const kept = cutText(text, this.limits.maxStringLength);
    this.lengthLeft -= kept.length;
    return kept;
  }
}

/** The text of what is not expanded: bytes, dates, patterns, things without content. */
function shortForm(value: object): string | undefined {
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
    return `[${className(value)}: ${value.byteLength} bytes]`;
  }
  if (types.isDate(value)) {
    const time = value.getTime();
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  if (types.isRegExp(value) || value instanceof URL || value instanceof URLSearchParams) return String(value);
  if (types.isPromise(value)) return '[Promise]';
  if (types.isWeakMap(value) || types.isWeakSet(value)) return `[${className(value)}]`;
  if (types.isBoxedPrimitive(value)) return String(value);
  return undefined;
}

/** What an object says it is; undefined where it does not say, or fails to. */
function ownForm(value: object): { form: unknown } | undefined {
  for (const method of ['__sentry__', 'toJSON']) {
    const say = safeRead(value, method);
    if (typeof say !== 'function') continue;
    try {
      const form: unknown = Reflect.apply(say, value, []);
      // What would have to be waited for is no form, and nobody waits for its rejection.
      if (isThenable(form)) forget(form);
      else return { form };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** What an error always has, which is not enumerable, and the rest. */
function errorKeys(error: object): string[] {
  return [...new Set(['name', 'message', ...Object.keys(error)])];
}
