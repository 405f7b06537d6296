import type { Discards } from '../protocol/discards';
import type { EncodedItem, Envelope, EnvelopeItem } from '../protocol/envelope';
import { itemCategory } from '../protocol/item-category';
import type { RateLimits } from '../protocol/rate-limits';
import { createDelivery, sizeOf, type Delivery } from './delivery';
import { recordDiscards } from './record-discards';

/** What an {@link Admission} decides by, and where it counts what it refuses. */
export interface AdmissionOptions {
  protocol: 'envelope' | 'store';
  limits: RateLimits;
  discards: Discards;
  /** Monotonic clock in milliseconds. */
  now: () => number;
}

/** Decides what of an envelope may be sent, and counts what may not. */
export class Admission {
  readonly #options: AdmissionOptions;
  #sequence = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** The sequence of the latest delivery. */
  get latest(): number {
    return this.#sequence;
  }

  /**
   * Serializes what may be sent now.
   *
   * @returns `undefined` where nothing of it may be
   */
  accept(envelope: Envelope): Delivery | undefined {
    const { protocol, discards, now } = this.#options;
    const hasPlace = (item: EnvelopeItem): boolean =>
      protocol === 'envelope' || item.headers.type === 'event';
    const homeless = envelope.items.filter((item) => !hasPlace(item));
    recordDiscards(discards, 'send_error', homeless);
    const items = this.#unlimited(envelope.items.filter(hasPlace), (item) => item.headers.type);
    if (items.length === 0) return undefined;
    this.#sequence += 1;
    const { delivery, unwritable } = createDelivery({ ...envelope, items }, this.#sequence, now());
    recordDiscards(discards, 'internal_sdk_error', unwritable);
    return delivery.items.length === 0 ? undefined : delivery;
  }

  /**
   * Takes out what a limit that came meanwhile keeps back.
   *
   * @returns whether anything is left to send
   */
  review(delivery: Delivery): boolean {
    delivery.items = this.#unlimited(delivery.items, (item) => item.type);
    delivery.bytes = sizeOf(delivery.items);
    return delivery.items.length > 0;
  }

  /** Attachments go with their event. */
  #unlimited<Item extends EncodedItem | EnvelopeItem>(items: Item[], typeOf: (item: Item) => string): Item[] {
    const { limits, discards } = this.#options;
    const isLimited = (item: Item): boolean => limits.isLimited(itemCategory(typeOf(item)));
    const isEventLimited = items.some((item) => typeOf(item) === 'event' && isLimited(item));
    const isKept = (item: Item): boolean =>
      !isLimited(item) && !(isEventLimited && typeOf(item) === 'attachment');
    const kept = items.filter(isKept);
    if (kept.length < items.length) {
      const dropped = items.filter((item) => !kept.includes(item));
      recordDiscards(discards, 'ratelimit_backoff', dropped);
    }
    return kept;
  }
}
