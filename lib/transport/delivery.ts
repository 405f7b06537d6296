import { encodeItem, type EncodedItem, type Envelope, type EnvelopeItem } from '../protocol/envelope';
import { envelopeRank } from './envelope-rank';

/** An envelope on its way: serialized once, with what has happened to it. */
export interface Delivery {
  /** Rises with every envelope: tells which is older. */
  readonly sequence: number;
  readonly headers: Envelope['headers'];
  /** What is still to be sent. */
  items: EncodedItem[];
  /** What it takes in memory. */
  bytes: number;
  /** Higher matters more. */
  readonly rank: number;
  /** On the transport's monotonic clock. */
  readonly createdMs: number;
  /** Whether a server that got it twice keeps one: true of events, not of sessions or logs. */
  readonly isRepeatable: boolean;
  /** Failed attempts. */
  attempts: number;
  /** Those that a server answered as if this very envelope had broken it. */
  rejections: number;
}

/** Servers keep the first of those that have the same id. */
const REPEATABLE = new Set(['event', 'transaction', 'attachment', 'feedback', 'user_report']);

/**
 * Serializes an envelope for delivery.
 *
 * @returns the delivery, and the items that could not be written
 */
export function createDelivery(
  envelope: Envelope,
  sequence: number,
  createdMs: number,
): { delivery: Delivery; unwritable: EnvelopeItem[] } {
  const unwritable: EnvelopeItem[] = [];
  const items: EncodedItem[] = [];
  for (const item of envelope.items) {
    const encoded = encodeItem(item);
    if (encoded === undefined) unwritable.push(item);
    else items.push(encoded);
  }
  const delivery: Delivery = {
    sequence,
    headers: envelope.headers,
    items,
    bytes: sizeOf(items),
    rank: envelopeRank(envelope),
    createdMs,
    isRepeatable: envelope.items.every(isRepeatable),
    attempts: 0,
    rejections: 0,
  };
  return { delivery, unwritable };
}

/** Bytes of these items together. */
export function sizeOf(items: readonly EncodedItem[]): number {
  return items.reduce((sum, item) => sum + item.bytes.byteLength, 0);
}

function isRepeatable({ headers, payload }: EnvelopeItem): boolean {
  if (headers.type !== 'check_in') return REPEATABLE.has(headers.type);
  const id = 'check_in_id' in payload ? payload['check_in_id'] : undefined;
  return typeof id === 'string' && /[1-9a-f]/i.test(id);
}
