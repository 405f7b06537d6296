import { decodePercent, holdsSigns } from './decode-percent';
import { looksLikeJson } from './json-text';
import { closingQuote, openedQuote, skipSpace } from './delimiters';
import { MASK } from './mask';
import { encoded } from './mask-encoded';

/** Whether a key's value must not leave the process. */
export type IsSecretKey = (key: string) => boolean;

/** A name and its value take at least as much: `%7B"pin":1`. */
const SHORTEST_TOLD = 8;

/** No query has so many secrets: the rest of one that has is masked whole. */
const MAX_PARTS = 20_000;

/** What a pair is looked at for. */
export interface PairRules {
  isSecretKey: IsSecretKey;
  /** Masks what is secret inside a value, once it is decoded. */
  maskValue: (value: string) => string;
}

/**
 * Masks the values of secret names in text of pairs: a query string, a form (`&`), cookies (`;`).
 * A value goes up to the next separator, so one that holds `=` is masked whole; a name without a value stays.
 * A value that hides what it holds, since it is percent-encoded or JSON, is looked into.
 */
export function maskPairs(text: string, separator: '&' | ';', rules: PairRules): string {
  const kept: string[] = [];
  let copied = 0;
  let start = 0;
  for (let equals = text.indexOf('='); equals !== -1; equals = text.indexOf('=', start)) {
    const name = text.slice(text.lastIndexOf(separator, equals) + 1, equals);
    const isSecret = rules.isSecretKey(decodePercent(name).trim());
    const end = text.indexOf(separator, isSecret ? endOfQuoted(text, equals + 1) : equals);
    start = end === -1 ? text.length : end;
    if (start === equals + 1 || (!isSecret && start - equals <= SHORTEST_TOLD)) continue;
    const value = isSecret ? undefined : text.slice(equals + 1, start);
    const after = value === undefined ? MASK : toldValue(value, rules.maskValue);
    if (after === value) continue;
    kept.push(text.slice(copied, equals + 1), after);
    copied = start;
    if (kept.length > MAX_PARTS) return kept.join('') + MASK;
  }
  return copied === 0 ? text : kept.join('') + text.slice(copied);
}

/** A separator in quotation marks belongs to the value. */
function endOfQuoted(text: string, start: number): number {
  const opening = skipSpace(text, start);
  const quote = openedQuote(text, opening);
  return quote === '' ? start : closingQuote(text, opening + quote.length, quote);
}

function toldValue(value: string, maskValue: PairRules['maskValue']): string {
  const isEncoded = holdsSigns(value);
  if (!isEncoded && !looksLikeJson(value)) return value;
  const plain = isEncoded ? decodePercent(value) : value;
  const masked = maskValue(plain);
  if (masked === plain) return value;
  return isEncoded && masked !== MASK ? encoded(masked) : masked;
}
