import { parseJsonText } from './json-text';
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
const MAX_NODES = 200_000;

/**
 * Masks secrets in data, in place, at any depth: values of secret keys, texts, and JSON inside of texts.
 * Never throws: what cannot be read or written is masked, and a value met again inside itself is too.
 */
export class Scrubber {
  private readonly path = new Set<object>();
  private nodes = 0;

  constructor(private readonly rules: ScrubRules) {}

  /** @returns the value in which nothing is secret: the same object, changed in place, or another text */
  scrub(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.scrubText(value, depth);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH || ++this.nodes > MAX_NODES || this.path.has(value)) return MASK;
    this.path.add(value);
    try {
      for (const key of Object.keys(value)) this.scrubMember(value as Record<string, unknown>, key, depth);
      return value;
    } catch {
      return MASK;
    } finally {
      this.path.delete(value);
    }
  }

  /** Masks a text; one that is JSON by its keys, however often it is encoded. */
  scrubText(text: string, depth = 0): string {
    const parsed = depth > MAX_DEPTH ? undefined : parseJsonText(text);
    if (parsed) {
      const before = JSON.stringify(parsed);
      const scrubbed = JSON.stringify(this.scrub(parsed, depth + 1));
      return scrubbed === before ? text : scrubbed;
    }
    return this.rules.maskText?.(text) ?? text;
  }

  private scrubMember(holder: Record<string, unknown>, key: string, depth: number): void {
    const before = holder[key];
    const after = this.isSecret(holder, key, before) ? MASK : this.scrub(before, depth + 1);
    if (after !== before) holder[key] = after;
  }

  /** null says nothing, and stays. In a list of pairs the name is the entry before. */
  private isSecret(holder: Record<string, unknown>, key: string, value: unknown): boolean {
    if (value === null || value === undefined || value === MASK) return false;
    if (!Array.isArray(holder)) return this.rules.isSecretKey(key);
    return (
      key === '1' && holder.length === 2 && typeof holder[0] === 'string' && this.rules.isSecretKey(holder[0])
    );
  }
}
