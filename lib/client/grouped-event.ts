import { messageTemplate } from '../event/message-template';
import { safeRead } from '../event/safe-read';
import type { RavenEvent } from '../protocol/event';
import { filledFingerprint } from './filled-fingerprint';
import { readableText, shortText } from './readable-text';
import { thrownIn } from './thrown-in';

const MAX_PART = 200;
/** How much of a text is looked at: more than a part of a fingerprint can hold. */
const LONGEST_TEXT = 2000;
/** Errors of the language whose texts quote code. Those of a parser quote data. */
const OF_CODE: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError']);

/**
 * The event with what groups it: placeholders of its fingerprint filled in, or, where it has none and `groupMessages`
 * is on, its type and the template of its text, if that has parts that vary. Processors have seen the event.
 */
export function grouped(event: RavenEvent, groupMessages: boolean): RavenEvent {
  if (event.fingerprint?.length)
    return { ...event, fingerprint: filledFingerprint(event.fingerprint, event) };
  const fingerprint = groupMessages ? templateFingerprint(event) : undefined;
  return fingerprint ? { ...event, fingerprint } : event;
}

function templateFingerprint(event: RavenEvent): string[] | undefined {
  const thrown = thrownIn(event);
  if (thrown) {
    return varying(
      readableText(safeRead(thrown, 'type') ?? 'Error'),
      readableText(safeRead(thrown, 'value') ?? ''),
    );
  }
  const { logentry, message } = event;
  const shown = readableText(logentry?.formatted ?? message ?? logentry?.message ?? '');
  return varying('message', readableText(logentry?.message ?? shown), shown);
}

/** @param shown - what is shown of it, where values were filled into it */
function varying(type: string, text: string, shown: string = text): string[] | undefined {
  const beginning = text.slice(0, LONGEST_TEXT);
  const template = messageTemplate(beginning, { keepsQuoted: OF_CODE.has(type) });
  if (template === beginning && text === shown) return undefined;
  return [shortText(type, MAX_PART), shortText(template, MAX_PART)];
}
