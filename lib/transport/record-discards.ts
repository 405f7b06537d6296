import type { DiscardReason, Discards } from '../protocol/discards';
import { itemQuantity, type EncodedItem, type EnvelopeItem } from '../protocol/envelope';
import { itemCategory } from '../protocol/item-category';

/**
 * Counts items that are not sent. Client reports are not counted: a report of a lost report would never end. Logs
 * count by number and by bytes.
 */
export function recordDiscards(
  discards: Discards,
  reason: DiscardReason,
  items: readonly (EncodedItem | EnvelopeItem)[],
): void {
  for (const item of items) {
    const isEncoded = 'bytes' in item;
    const category = isEncoded ? item.category : itemCategory(item.headers.type);
    if (category === 'internal') continue;
    discards.record(reason, category, isEncoded ? item.quantity : itemQuantity(item.headers));
    if (category === 'log_item' && isEncoded) discards.record(reason, 'log_byte', item.payload.byteLength);
  }
}
