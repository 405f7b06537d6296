const MASK = '***';
/** Keys as servers make them: hex digits, or a UUID. */
const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}/gi;
/** `key:secret` where a host is expected: what follows the colon is no port. */
const PAIR = /^[^\s/?#[:]*:(?!\d{0,5}(?:[/?#]|$))/;

/**
 * Makes a DSN fit for a message: whatever can be a key or a secret becomes `***`.
 *
 * Works on broken DSNs too and would rather hide too much: all between the first `//` and the last `@`, all before
 * an `@` where there is no `//` before it, what looks like a key and a secret where an `@` is missing, every run of
 * 16 or more hex digits, and the query.
 *
 * @param text - a DSN, or a text that holds one; anything else than a string gives an empty one
 */
export function maskDsn(text: unknown): string {
  if (typeof text !== 'string') return '';
  return maskCredentials(text).replace(KEY, MASK).replace(/\?.*$/s, `?${MASK}`);
}

function maskCredentials(text: string): string {
  // Somebody may have encoded the one that ends the keys.
  const at = text.includes('@') ? text.lastIndexOf('@') : text.lastIndexOf('%40');
  const slashes = text.indexOf('//');
  const start = slashes < 0 || (at >= 0 && slashes > at) ? 0 : slashes + 2;
  if (at >= 0) return `${text.slice(0, start)}${MASK}${text.slice(at)}`;
  return PAIR.test(text.slice(start)) ? `${text.slice(0, start)}${MASK}` : text;
}
