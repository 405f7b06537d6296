const MAX_LENGTH = 300;
/** So short a text is no secret worth the name, and cutting it out would make messages unreadable. */
const SHORTEST_SECRET = 4;

/**
 * A text from outside (a server's answer, an error's message) made fit for a log: no keys, no credentials of URLs,
 * no line breaks or control characters, at most 300 characters. Never throws.
 *
 * @param secrets - what must not appear whatever the text is
 */
export function safeText(text: unknown, secrets: readonly string[]): string {
  if (typeof text !== 'string') return '';
  let safe = text.slice(0, 10 * MAX_LENGTH);
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) safe = safe.replaceAll(secret, '***');
  }
  safe = safe.replace(/\/\/[^\s/@]*@/g, '//***@').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ');
  return safe.trim().slice(0, MAX_LENGTH);
}
