import { runQuietly } from '../context/scope';
import { errorFingerprint, textFingerprint } from '../event/error-fingerprint';
import { className, safeRead, safeString } from '../event/safe-read';
import type { CaptureOptions } from './capture-options';
import type { EventTypeOption } from './event-types';

const MAX_PARTS = 10;
/** Begins what the server replaces, such as `{{ default }}` and `{{ error.type }}`: it says nothing here yet. */
const TEMPLATE = '{{';

/**
 * What captures have in common that are the same over and over: the fingerprint that was asked for; without one,
 * or where it has templates, what the error is known by, the message's template, the type of any other event; and
 * the level. Never throws.
 */
export function captureFingerprint(
  eventType: EventTypeOption,
  isException: boolean,
  options: CaptureOptions,
): string {
  // Reading a stack may run the app's code: a getter, `Error.prepareStackTrace`.
  return runQuietly(() => {
    const parts = askedParts(options.fingerprint);
    const asked = parts.length > 0 ? [`fingerprint ${parts.join(', ')}`] : [];
    const own =
      parts.length === 0 || parts.some((part) => part.includes(TEMPLATE))
        ? [isException ? errorFingerprint(options.exception) : eventFingerprint(eventType, options)]
        : [];
    // With the level, so that what ends the process is not lost among those before it. Joining copies: a part
    // of a stack would keep all of it in memory.
    return [...asked, ...own, safeString(options, 'level') ?? 'error'].join('\n');
  });
}

function askedParts(given: unknown): string[] {
  if (typeof given === 'string') return [textOf(given)];
  const length = Math.min(Number(safeRead(given, 'length')) || 0, MAX_PARTS);
  const parts: string[] = [];
  for (let index = 0; index < length; index++) {
    const part = safeRead(given, index);
    if (typeof part === 'string') parts.push(textOf(part));
    else if (typeof part === 'boolean' || Number.isFinite(part)) parts.push(String(part));
  }
  return parts;
}

/** One line of bounded length; its numbers were asked for. */
function textOf(part: string): string {
  return part.slice(0, 200).replaceAll('\n', ' ');
}

function eventFingerprint(eventType: EventTypeOption, options: CaptureOptions): string {
  const type =
    typeof eventType === 'string'
      ? eventType
      : typeof eventType === 'function'
        ? (safeString(eventType, 'name') ?? '')
        : className(eventType);
  const text = safeString(options, 'message') ?? safeString(options, 'query');
  return text === undefined ? type : `${type}: ${textFingerprint(text)}`;
}
