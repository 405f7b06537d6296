import { safeRead } from '../event/safe-read';
import { thrownIn } from './thrown-in';
import type { RavenEvent } from '../protocol/event';
import { readableText, shortText } from './readable-text';

const PLACEHOLDER = /\{\{\s{0,20}([\w.:-]{1,200})\s{0,20}\}\}/g;
const MAX_PART = 200;

/** What the client knows, by the names that Sentry's server knows it by, and a few of its own. */
const VALUES = new Map<string, (event: RavenEvent) => unknown>([
  ['type', (event) => safeRead(thrownIn(event), 'type')],
  ['value', (event) => safeRead(thrownIn(event), 'value')],
  [
    'message',
    (event) =>
      event.logentry?.formatted ??
      event.logentry?.message ??
      safeRead(thrownIn(event), 'value') ??
      event.message,
  ],
  ['transaction', ({ transaction, culprit }) => transaction ?? culprit],
  ['level', ({ level }) => level],
  ['logger', ({ logger }) => logger],
  ['release', ({ release }) => release],
  ['dist', ({ dist }) => dist],
  ['environment', ({ environment }) => environment],
  ['server_name', (event) => event.server_name],
]);
const TAG = 'tags.';

/**
 * The parts of a fingerprint with their placeholders filled in, so that it groups alike on servers that know none.
 * `{{ default }}` is the server's, and so is what only it knows, such as `{{ function }}`. A missing value is said as
 * Sentry says it: `<no-type>`, `<no-value-for-tag-plan>`. Parts end at 200 characters.
 */
export function filledFingerprint(parts: readonly string[], event: RavenEvent): string[] {
  return parts.map((part) => {
    const filled = readableText(part).replaceAll(PLACEHOLDER, (whole, name: string) =>
      name === 'default' ? '{{ default }}' : (valueOf(name, event) ?? whole),
    );
    return shortText(filled, MAX_PART);
  });
}

/** @returns undefined for a name that is not known here */
function valueOf(given: string, event: RavenEvent): string | undefined {
  if (given.startsWith(TAG)) {
    const tag = given.slice(TAG.length);
    return (
      textOf(Object.hasOwn(event.tags, tag) ? safeRead(event.tags, tag) : undefined) ??
      `<no-value-for-tag-${tag}>`
    );
  }
  const name = given.replace(/^error\.(?=type$|value$)/, '');
  const read = VALUES.get(name);
  return read && (textOf(read(event)) ?? `<no-${name.replace('_', '-')}>`);
}

function textOf(value: unknown): string | undefined {
  const text = value === undefined || value === null ? '' : readableText(value).trim();
  return text === '' ? undefined : shortText(text, MAX_PART);
}
