import { stringTags, userText } from '../client/event-limits';
import type { RavenEvent } from '../protocol/event';
import type { ExpectedReport } from './expected-report';
import { matchValue, type ScalarText } from './match-value';
import type { RecordedReport } from './recorded-report';

/** The fields in which all that is no object is text on the wire. */
const TEXTS: Readonly<Record<string, ScalarText>> = {
  tags: (value) => stringTags({ value }).value,
  user: (value) => userText('', value),
};

/** @returns a line for each field of the event that is not as expected; none where it is the one */
export function differencesOf(report: RecordedReport, expected: ExpectedReport): string[] {
  const { event } = report;
  return Object.entries(expected).flatMap(([field, value]) => {
    switch (field) {
      case 'type':
        return matchValue(typeOf(event), typeof value === 'function' ? value.name : value, field);
      case 'message':
        return differencesOfText(event, value);
      case 'client':
        return matchValue(report.client ?? null, value, field);
      default:
        return matchValue(event[field], value, field, TEXTS[field]);
    }
  });
}

/** The name of the error's class; undefined where the event is a message. */
export function typeOf(event: RavenEvent): string | undefined {
  return event.exception?.values.at(-1)?.type;
}

/** The texts an event is known by, the one that is shown first. */
export function textsOf(event: RavenEvent): (string | undefined)[] {
  if (event.exception) return [event.exception.values.at(-1)?.value];
  const { formatted, message } = event.logentry ?? {};
  return formatted === undefined ? [message] : [formatted, message];
}

function differencesOfText(event: RavenEvent, expected: unknown): string[] {
  const found = textsOf(event).map((text) => matchValue(text, expected, 'message'));
  return found.some((lines) => lines.length === 0) ? [] : found[0];
}
