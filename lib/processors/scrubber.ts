import { jsonSize, mayBeJson, parseJson } from './json-text';
import { MASK } from './mask';
import type { IsSecretKey } from './mask-pairs';

/** What a scrubber looks for. */
export interface ScrubRules {
  /** Whether the value of such a key is masked whole. */
  isSecretKey: IsSecretKey;
  /** Masks what is secret inside a text; the text itself where nothing is. */
  maskText?: (text: string) => string;
}

/** How much is looked at; what is beyond is masked, since nobody has seen that it is harmless. */
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;
const MAX_BROKEN_TEXTS = 500;

/** An option of a command line. */
const OPTION = /^--?[a-z][\w-]{0,63}$/i;

/** Lists in which a name and its value take turns: headers as Node gives them. */
const TAKES_TURNS: ReadonlySet<string> = new Set(['rawHeaders', 'rawTrailers']);

/** Keys that may be more than a name: a form parser makes one of a whole JSON body. */
const IS_MORE_THAN_A_NAME = /[=:@{\s]|eyJ/;
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
      return this.scrubJson(text, depth) ?? this.rules.maskText?.(text) ?? text;
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

  private value(value: unknown, depth: number, name: string): unknown {
    if (typeof value === 'string') return this.scrubText(value, depth);
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
    for (const key of keys) {
      const value = mapping[key];
      const isSecret =
        this.isSecret(key, value) || (key === 'value' && this.isSecret(nameIn(mapping), value));
      this.put(mapping, key, value, isSecret ? MASK : this.value(value, depth + 1, key));
      this.cleanKey(mapping, key, depth);
    }
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

  /** null says nothing, and stays. */
  private isSecret(key: string | undefined, value: unknown): boolean {
    if (key === undefined || value === null || value === undefined || value === MASK) return false;
    return this.rules.isSecretKey(key);
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

/** The name of a member that is an object of its own: `{ name: 'Authorization', value: … }`. */
function nameIn({ name, key }: Record<string, unknown>): string | undefined {
  if (typeof name === 'string') return name;
  return typeof key === 'string' ? key : undefined;
}
