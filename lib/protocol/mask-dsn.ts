const MASK = '***';
const LONG_HEX = /[0-9a-f]{16,}/gi;

/**
 * Makes a DSN fit for a message: whatever can be a key or a secret becomes `***`.
 *
 * Works on broken DSNs too and would rather hide too much: all between `//` and the last `@` that follows it, all
 * before an `@` where there is no `//`, every run of 16 or more hex digits, and the query.
 *
 * @param text - a DSN, or a text that holds some; anything else than a string gives an empty one
 */
export function maskDsn(text: unknown): string {
  if (typeof text !== 'string') return '';
  const parts = text.split('//').map(maskCredentials);
  return parts.join('//').replace(LONG_HEX, MASK).replace(/\?.*$/s, `?${MASK}`);
}

function maskCredentials(part: string): string {
  const at = part.lastIndexOf('@');
  return at < 0 ? part : `${MASK}${part.slice(at)}`;
}
