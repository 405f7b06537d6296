import { endOfValue } from './characters';
import { skipSpace } from './delimiters';
import { MASK } from './mask';

const SHORTEST_BEARER = 6;
const SHORTEST_BASIC = 8;

/**
 * The credential after the name of its scheme, which ends here: `Bearer abc123`, `Basic dXNlcjpwYXNz`.
 * Undefined where there is none.
 */
export function schemeValue(text: string, nameEnd: number): { start: number; end: number } | undefined {
  const isBearer = isWord(text, nameEnd, 'bearer');
  if (!isBearer && !isWord(text, nameEnd, 'basic')) return undefined;
  const start = skipSpace(text, nameEnd);
  if (start === nameEnd || /^(?:[:=*]|%3[ad])/i.test(text.slice(start, start + 3))) return undefined;
  const end = endOfValue(text, start);
  const isCredential = isBearer ? end - start >= SHORTEST_BEARER : isBasic(text.slice(start, end));
  return isCredential && !text.startsWith(MASK, start) ? { start, end } : undefined;
}

function isWord(text: string, end: number, word: string): boolean {
  const last = text.charCodeAt(end - 1) | 0x20;
  if (last !== word.charCodeAt(word.length - 1)) return false;
  const start = end - word.length;
  return text.slice(start, end).toLowerCase() === word && !/\w/.test(text.charAt(start - 1));
}

/** "basic understanding" is no credential: base64 shows by its mixture. */
function isBasic(value: string): boolean {
  return value.length >= SHORTEST_BASIC && /^[\w+/]+={0,2}/.test(value) && /[\d=+/]|[a-z][A-Z]/.test(value);
}
