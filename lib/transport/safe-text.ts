const MAX_LENGTH = 300;
const MASK = '***';
/** A shorter one is masked only where it is a word of its own: elsewhere it is part of words that say something else. */
const ANYWHERE_FROM = 4;
/** So short a text is no secret worth the name, and cutting it out would make messages unreadable. */
const SHORTEST_SECRET = 2;
/** The fields of `X-Sentry-Auth`, also as a query or as JSON. */
const AUTH_FIELD = /(sentry_(?:key|secret)["']?\s*[=:]\s*["']?)[^\s,;&"'{}]+/gi;
/** What follows the scheme in `Authorization` and `Proxy-Authorization`. */
const CREDENTIALS = /\b(Basic|Bearer)\s+[^\s,;"']+/gi;

/**
 * A text from outside (a server's answer, an error's message) made fit for a log: no keys, no credentials of URLs,
 * no line breaks or control characters, at most 300 characters. Never throws.
 *
 * @param secrets - what must not appear whatever the text is, nor percent-encoded, decoded or as JSON
 */
export function safeText(text: unknown, secrets: readonly string[]): string {
  if (typeof text !== 'string') return '';
  // All of it, and only then cut: of a secret at the cut a part would stay.
  let safe = text;
  for (const pattern of patternsOf(secrets)) safe = safe.replace(pattern, MASK);
  safe = safe
    .replace(AUTH_FIELD, `$1${MASK}`)
    .replace(CREDENTIALS, `$1 ${MASK}`)
    .replace(/\S+/g, maskCredentials);
  return safe
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
}

/** The longest first: a shorter one that is part of it would leave the rest. */
function patternsOf(secrets: readonly string[]): RegExp[] {
  const forms = new Set(secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(formsOf));
  return [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => {
      const literal = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      const isWord = form.length < ANYWHERE_FROM;
      return new RegExp(isWord ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])` : literal, 'giu');
    });
}

/** How a server or an error may write a text that it was sent. */
function formsOf(secret: string): string[] {
  const decoded = attempt(decodeURIComponent, secret);
  const forms = [secret, decoded].flatMap((form) => [
    form,
    attempt(encodeURIComponent, form),
    // The way through a buffer is that of the auth header: half surrogate pairs become one that can be encoded.
    form.replace(/[^\x21-\x7e]+|[,=]/g, (found) => encodeURIComponent(Buffer.from(found).toString())),
    JSON.stringify(form).slice(1, -1),
  ]);
  return forms.filter(({ length }) => length >= SHORTEST_SECRET);
}

/** The text as it is where it cannot be converted. */
function attempt(convert: (text: string) => string, text: string): string {
  try {
    return convert(text);
  } catch {
    return text;
  }
}

/** Of a word that may hold a URL: all between its slashes and its last at sign, or `user:password` before one. */
function maskCredentials(word: string): string {
  const at = word.lastIndexOf('@');
  if (at < 0) return word;
  const slashes = word.indexOf('//');
  if (slashes >= 0 && slashes < at) return `${word.slice(0, slashes + 2)}${MASK}${word.slice(at)}`;
  const colon = word.indexOf(':');
  return colon >= 0 && colon < at ? `${MASK}${word.slice(at)}` : word;
}
