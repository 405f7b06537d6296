import { cutText } from '../event/cut-text';
import { normalize } from '../event/normalize';

/** Any value as text: a string as it is, an Error as it prints, other objects as JSON. Never throws. */
export function readableText(value: unknown): string {
  if (typeof value === 'string') return value;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return String(value);
  const plain = errorLine(value) ?? normalize(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function errorLine(value: object): string | undefined {
  try {
    return value instanceof Error ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

/** A value as text of at most that many characters; ends in `...` where it was cut. Never throws. */
export function shortText(value: unknown, maxLength: number): string {
  return cutText(readableText(value), maxLength);
}
