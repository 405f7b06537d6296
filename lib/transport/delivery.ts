import { encodeItem, type EncodedItem, type Envelope, type EnvelopeItem } from '../protocol/envelope';
import { quantityOf, type Origin } from './account';
import { envelopeRank } from './envelope-rank';
import { ENVELOPE_OVERHEAD_BYTES } from './memory-shares';
import type { SpoolClaim } from './spool/spool';

/** An envelope on its way: serialized once, with what has happened to it. */
export interface Delivery {
  /** Rises with every envelope: tells which is older. */
  readonly sequence: number;
  readonly headers: Envelope['headers'];
  /** What is still to be sent. */
  items: EncodedItem[];
  /** What it takes in memory. */
  bytes: number;
  /** How many things it is: an event is one, with its attachments. */
  quantity: number;
  /** Higher matters more. */
  readonly rank: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** When this process got hold of it, on the transport's monotonic clock. */
  readonly receivedMs: number;
  /** Whether a server that got it twice keeps one: true of events, not of sessions or logs. */
  readonly isRepeatable: boolean;
  /** Whether this process captured it, or it was read from the spool of another. */
  readonly origin: Origin;
  /** Its file in the spool, where it has one. */
  readonly claim?: SpoolClaim;
  /** Failed attempts. */
  attempts: number;
  /** Those that a server answered as if this very envelope had broken it. */
  rejections: number;
}

/** What is the same of a delivery whether it comes from the app or from a spool. */
export type DeliverySource = Pick<
  Delivery,
  'sequence' | 'headers' | 'items' | 'rank' | 'createdMs' | 'receivedMs'
> &
  Partial<Pick<Delivery, 'origin' | 'claim'>>;

/** Servers keep the first of those that have the same id. */
const REPEATABLE = new Set(['event', 'transaction', 'attachment', 'feedback', 'user_report']);

/** A delivery that nothing has happened to yet. */
export function createDelivery(source: DeliverySource): Delivery {
  return {
    origin: 'own',
    ...source,
    bytes: sizeOf(source.items),
    quantity: quantityOf(source.items),
    isRepeatable: source.items.every(isRepeatable),
    attempts: 0,
    rejections: 0,
  };
}

/**
 * Serializes an envelope for delivery.
 *
 * @returns the delivery, and the items that could not be written
 */
export function encodeDelivery(
  envelope: Envelope,
  at: Pick<Delivery, 'sequence' | 'createdMs' | 'receivedMs'>,
): { delivery: Delivery; unwritable: EnvelopeItem[] } {
  const unwritable: EnvelopeItem[] = [];
  const items: EncodedItem[] = [];
  for (const item of envelope.items) {
    const encoded = encodeItem(item);
    if (encoded === undefined) unwritable.push(item);
    else items.push(encoded);
  }
  const { headers } = envelope;
  return { delivery: createDelivery({ ...at, headers, items, rank: envelopeRank(envelope) }), unwritable };
}

/** What an envelope of these items takes in memory, in bytes. */
export function sizeOf(items: readonly EncodedItem[]): number {
  return items.reduce((sum, item) => sum + item.bytes.byteLength, ENVELOPE_OVERHEAD_BYTES);
}

function isRepeatable({ type, payload }: EncodedItem): boolean {
  if (type !== 'check_in') return REPEATABLE.has(type);
  // With an id of its own a second one is an update of the first.
  const id = /"check_in_id":"([0-9a-f-]+)"/i.exec(payload.toString('utf8'))?.[1];
  return id !== undefined && /[1-9a-f]/i.test(id);
}
