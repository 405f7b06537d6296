import type { EncodedItem } from '../protocol/envelope';

/**
 * What is left of an event's items without its attachments, and those. Undefined where there are none, or nothing
 * else: then there is nothing to save.
 */
export function withoutAttachments(
  items: readonly EncodedItem[],
): { kept: EncodedItem[]; attachments: EncodedItem[] } | undefined {
  const attachments = items.filter(({ type }) => type === 'attachment');
  if (attachments.length === 0 || attachments.length === items.length) return undefined;
  return { kept: items.filter(({ type }) => type !== 'attachment'), attachments };
}
