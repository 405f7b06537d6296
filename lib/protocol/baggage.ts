/** W3C lets receivers cut here, and it bounds the work. */
const MAX_LENGTH = 8192;
const NAME = /^sentry-([a-z0-9_.-]+)$/i;

/**
 * The entries of a `baggage` header that are Sentry's, without their prefix `sentry-`: the dynamic sampling context.
 *
 * Entries of other vendors and broken ones are left out, properties (`;…`) are dropped, the first of a repeated
 * name counts, and nothing beyond 8192 characters is read. Never throws.
 *
 * @param header - one header, or several, which are one list
 */
export function parseSentryBaggage(header: string | string[] | undefined): Record<string, string> {
  const entries = new Map<string, string>();
  for (const entry of wholeEntries(header)) {
    const [pair] = entry.split(';', 1);
    const equals = pair.indexOf('=');
    const name = equals < 0 ? undefined : NAME.exec(pair.slice(0, equals).trim())?.[1];
    if (name === undefined || entries.has(name)) continue;
    const value = decoded(pair.slice(equals + 1).trim());
    if (value !== undefined && value !== '') entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

/** The entries that fit; one that is cut by the limit is left out, as its value would be wrong. */
function wholeEntries(header: string | string[] | undefined): string[] {
  const lines: unknown[] = Array.isArray(header) ? header : [header];
  const text = lines.filter((line) => typeof line === 'string').join(',');
  if (text.length <= MAX_LENGTH) return text.split(',');
  return text
    .slice(0, MAX_LENGTH + 1)
    .split(',')
    .slice(0, -1);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
