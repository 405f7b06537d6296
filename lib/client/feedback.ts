import { safeString } from '../event/safe-read';
import type { Attachment } from './attachment';
import { shortText } from './readable-text';

/** What a user has to say, mostly of an error they met. */
export interface Feedback {
  /** At most 4096 characters are sent. */
  message: string;
  email?: string | undefined;
  name?: string | undefined;
  /** The page they were on. */
  url?: string | undefined;
  /** The event it is about; default the newest one of this request, message or job (`lastEventId`). */
  eventId?: string | null | undefined;
  /** Screenshots and the like. */
  attachments?: readonly Attachment[] | undefined;
}

const MAX_MESSAGE = 4096;
const MAX_FIELD = 256;
const EVENT_ID = /^[\da-f]{32}$/;

/**
 * The protocol's context of a feedback.
 *
 * @returns undefined where there is no message
 */
export function feedbackContext(
  feedback: unknown,
  lastEventId: string | null,
): Record<string, string> | undefined {
  const message = safeString(feedback, 'message')?.trim();
  if (!message) return undefined;
  const given = (safeString(feedback, 'eventId') ?? lastEventId ?? '').replaceAll('-', '').toLowerCase();
  const context: Record<string, string> = { message: shortText(message, MAX_MESSAGE) };
  const fields = { contact_email: 'email', name: 'name', url: 'url' } as const;
  for (const [field, key] of Object.entries(fields)) {
    const text = safeString(feedback, key)?.trim();
    if (text) context[field] = shortText(text, MAX_FIELD);
  }
  if (EVENT_ID.test(given)) context.associated_event_id = given;
  return context;
}
