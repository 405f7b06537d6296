import type { EnvelopeItem } from '../protocol/envelope';
import type { ReadAttachment } from './attachment';

/** Attachments as items of their event's envelope. */
export function attachmentItems(attachments: readonly ReadAttachment[]): EnvelopeItem[] {
  return attachments.map(({ filename, contentType, bytes }) => ({
    headers: {
      type: 'attachment',
      filename,
      content_type: contentType,
      attachment_type: 'event.attachment',
    },
    payload: bytes,
  }));
}
