const MASK = '***';
/** Keys as servers make them: hex digits, or a UUID. */
const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}/gi;
/** What a token for a server's API can be, pasted in place of a DSN. */
const RUN = /[\w+=-]{24,}/g;
/** `key:secret` where a host is expected: what follows the colon is no port. */
const PAIR = /^[^\s/?#[:]*:(?!\d{0,5}(?:[/?#]|$))/;
/** What stands before the keys; no more than one that is written as it should be. */
const SCHEME = /^[^\s/@:%?#]*:?\/\//;
/** Somebody may have encoded the `@` that ends the keys. */
const ENCODED_AT = /%40/;
/** Behind it, an `@` may as well be part of a secret. */
const QUERY = /[?#]/;

/**
 * Makes a DSN fit for a message: whatever can be a key or a secret becomes `***`.
 *
 * Works on broken DSNs too and would rather hide too much: all before the last `@` but the scheme, all of it where
 * nobody can say where the keys end, UUIDs, every run of 16 or more hex digits, longer ones of digits and letters, small
 * and capital, and the query.
 *
 * @param text - a DSN, or a text that holds one; anything else than a string gives an empty one
 */
export function maskDsn(text: unknown): string {
  if (typeof text !== 'string') return '';
  return maskCredentials(text)
    .replace(RUN, (run) => (isMixed(run) ? MASK : run))
    .replace(KEY, MASK)
    .replace(/\?.*$/s, `?${MASK}`);
}

function maskCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  const beforeAt = text.slice(scheme.length, Math.max(at, scheme.length));
  const rest = text.slice(Math.max(at, scheme.length));
  const isHostUnsure = QUERY.test(beforeAt) || ENCODED_AT.test(rest) || (at < 0 && PAIR.test(rest));
  if (isHostUnsure) return `${scheme}${MASK}`;
  return at < 0 ? text : `${scheme}${MASK}${rest}`;
}

/** Names of hosts and projects are written otherwise. */
function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}
