import { jsonAtEnd, jsonSize, mayBeJson, parseJson } from './json-text';
import { MASK } from './mask';
import type { IsSecretKey } from './mask-pairs';

/** What a scrubber looks for. */
export interface ScrubRules {
  /** Whether the value of such a key is masked whole. */
  isSecretKey: IsSecretKey;
  /** Masks what is secret inside a text; the text itself where nothing is. */
  maskText?: (text: string) => string;
  /** Whether a number is masked, whatever its key. */
  isSecretNumber?: (value: number) => boolean;
}

/** How much is looked at; what is beyond is masked, since nobody has seen that it is harmless. */
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;
const MAX_BROKEN_TEXTS = 500;

/** An option of a command line. */
const OPTION = /^--?[a-z][\w-]{0,63}$/i;

/** Lists in which a name and its value take turns: headers as Node and undici give them. */
const TAKES_TURNS: ReadonlySet<string> = new Set(['rawHeaders', 'rawTrailers', 'headers', 'trailers']);

/** Members that tell a name: of pairs, of tags, of what a validator has found (class-validator, zod, express-validator, Joi). */
const NAMES: ReadonlySet<string> = new Set([
  'name',
  'key',
  'property',
  'param',
  'parameter',
  'field',
  'path',
  'instancepath',
  'label',
  'header',
  'column',
]);

/** Members that tell the value of that name. */
const VALUES: ReadonlySet<string> = new Set([
  'value',
  'val',
  'values',
  'content',
  'received',
  'input',
  'stringvalue',
]);

/** No object that tells one name and its value has so many members. */
const MAX_NAMED = 64;

/** Keys that may be more than a name: a form parser makes one of a whole JSON body. Behind a sign at the end is no value. */
const IS_MORE_THAN_A_NAME = /[=:@{\s](?!$)|eyJ/;
const LONGEST_PLAIN_NAME = 8;

/**
 * Masks secrets in data, in place, at any depth: values of secret keys, texts, and JSON inside of texts.
 * Never throws: what cannot be read or written is masked, and a value met again inside itself is too.
 */
export class Scrubber {
  private readonly path = new Set<object>();
  private nodes = 0;
  private changes = 0;
  private members = 0;
  private brokenTexts = 0;

  constructor(private readonly rules: ScrubRules) {}

  /** @returns the value in which nothing is secret: the same object, changed in place, or another text */
  scrub(value: unknown, depth = 0): unknown {
    return this.value(value, depth, '');
  }

  /** Masks a text; one that is JSON by its keys, however often it is encoded. */
  scrubText(text: string, depth = 0): string {
    try {
      const json = this.scrubJson(text, depth);
      if (json !== undefined) return json;
      const clean = this.scrubJsonAtEnd(text, depth);
      return this.rules.maskText?.(clean) ?? clean;
    } catch {
      return MASK;
    }
  }

  /**
   * @returns the text as it is where nothing in it is secret: numbers keep their digits and lines their breaks;
   *   undefined where it is no JSON
   */
  scrubJson(text: string, depth = 0): string | undefined {
    if (!mayBeJson(text)) return undefined;
    const size = jsonSize(text);
    if (depth + size.depth > MAX_DEPTH || this.nodes + size.nodes + size.members > MAX_NODES) return MASK;
    // Failing costs far more time than parsing does.
    if (this.brokenTexts >= MAX_BROKEN_TEXTS) return MASK;
    const parsed = parseJson(text);
    if (parsed === undefined) {
      this.brokenTexts += 1;
      return undefined;
    }
    const { changes, members } = this;
    const scrubbed = this.scrub(parsed, depth + 1);
    const seen = this.members - members;
    this.members = members;
    const isClean = scrubbed === parsed && this.changes === changes && seen === size.members;
    return isClean ? text : JSON.stringify(scrubbed);
  }

  /** A line that tells something in words, and then all of it: `failed: {"headers":[["X-Api-Key","…"]]}`. */
  private scrubJsonAtEnd(text: string, depth: number): string {
    const start = jsonAtEnd(text);
    if (start === -1) return text;
    const json = this.scrubJson(text.slice(start), depth);
    return json === undefined ? text : text.slice(0, start) + json;
  }

  private value(value: unknown, depth: number, name: string): unknown {
    if (typeof value === 'string') return this.scrubText(value, depth);
    if (typeof value === 'number') return this.rules.isSecretNumber?.(value) ? MASK : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH || ++this.nodes > MAX_NODES || this.path.has(value)) return MASK;
    this.path.add(value);
    try {
      if (Array.isArray(value)) this.list(value, depth, TAKES_TURNS.has(name));
      else this.mapping(value as Record<string, unknown>, depth);
      return value;
    } catch {
      return MASK;
    } finally {
      this.path.delete(value);
    }
  }

  private mapping(mapping: Record<string, unknown>, depth: number): void {
    const keys = Object.keys(mapping);
    this.members += keys.length;
    // Before the names themselves are masked.
    const holdsNamed = isNamed(keys) && this.namesSecret(mapping, keys);
    for (const key of keys) {
      const value = mapping[key];
      const isSecret =
        this.isSecret(key, value) || (holdsNamed && isSaid(value) && VALUES.has(key.toLowerCase()));
      this.put(mapping, key, value, isSecret ? MASK : this.value(value, depth + 1, key));
      this.cleanKey(mapping, key, depth);
    }
  }

  /** Whether a member that tells a name tells that of a secret. */
  private namesSecret(mapping: Record<string, unknown>, keys: readonly string[]): boolean {
    return keys.some((key) => NAMES.has(key.toLowerCase()) && this.isSecretName(mapping[key]));
  }

  /** A path may be a list. */
  private isSecretName(name: unknown): boolean {
    if (typeof name === 'string') return this.rules.isSecretKey(name);
    return (
      Array.isArray(name) && name.some((part) => typeof part === 'string' && this.rules.isSecretKey(part))
    );
  }

  private list(list: unknown[], depth: number, takesTurns: boolean): void {
    for (let index = 0; index < list.length; index++) {
      const value = list[index];
      const isNamed = index > 0 && this.isNamedBefore(list, index, takesTurns);
      this.put(list, index, value, isNamed ? MASK : this.value(value, depth + 1, ''));
    }
  }

  /** Whether the entry before is the name of a secret: in a pair, in a command line, in raw headers. */
  private isNamedBefore(list: unknown[], index: number, takesTurns: boolean): boolean {
    const name = list[index - 1];
    const value = list[index];
    if (typeof name !== 'string' || !this.isSecret(name, value)) return false;
    if (index % 2 === 1 && (takesTurns || list.length === 2)) return true;
    return OPTION.test(name) && !(typeof value === 'string' && OPTION.test(value));
  }

  private isSecret(key: string, value: unknown): boolean {
    return isSaid(value) && this.rules.isSecretKey(key);
  }

  private put(holder: object, key: string | number, before: unknown, after: unknown): void {
    if (after === before) return;
    this.changes += 1;
    (holder as Record<string | number, unknown>)[key] = after;
  }

  private cleanKey(mapping: Record<string, unknown>, key: string, depth: number): void {
    if (key.length <= LONGEST_PLAIN_NAME || !IS_MORE_THAN_A_NAME.test(key)) return;
    const clean = this.scrubText(key, depth + 1);
    if (clean === key) return;
    this.changes += 1;
    mapping[clean] = mapping[key];
    delete mapping[key];
  }
}

/** null says nothing, and stays. */
function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined && value !== MASK;
}

/** Whether a mapping is a member that is an object of its own: `{ name: 'Authorization', value: … }`. */
function isNamed(keys: readonly string[]): boolean {
  return keys.length > 1 && keys.length <= MAX_NAMED && keys.some((key) => VALUES.has(key.toLowerCase()));
}
