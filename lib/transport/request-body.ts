import { joinEnvelope, type EncodedItem } from '../protocol/envelope';
import type { Delivery } from './delivery';
import type { HttpTarget } from './http-target';

/** What is posted of a delivery: the envelope, or by the old protocol its event alone. */
export function requestBody(
  protocol: HttpTarget['protocol'],
  { headers, items }: Pick<Delivery, 'headers' | 'items'>,
  sentAt: Date,
): Buffer {
  if (protocol === 'envelope') return joinEnvelope(headers, items, sentAt);
  return items.find(isEvent)?.payload ?? Buffer.from('{}');
}

function isEvent(item: EncodedItem): boolean {
  return item.type === 'event';
}
