import type { EncodedItem, Envelope, EnvelopeItem } from '../protocol/envelope';
import { itemCategory } from '../protocol/item-category';
import { quantityOf, type Account } from './account';
import type { Circuit } from './circuit';
import { encodeDelivery, sizeOf, type Delivery } from './delivery';

/** What an {@link Admission} decides by, and where it counts what it refuses. */
export interface AdmissionOptions {
  protocol: 'envelope' | 'store';
  circuit: Pick<Circuit, 'isLimited'>;
  account: Account;
  /** Monotonic clock in milliseconds. */
  now: () => number;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
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

  /** The next sequence, for what comes another way. */
  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /**
   * Serializes what may be sent now.
   *
   * @returns `undefined` where nothing of it may be
   */
  accept(envelope: Envelope): Delivery | undefined {
    const { protocol, account, now, wallClock } = this.#options;
    const hasPlace = (item: EnvelopeItem): boolean =>
      protocol === 'envelope' || item.headers.type === 'event';
    const homeless = envelope.items.filter((item) => !hasPlace(item));
    account.dropped('send_error', homeless);
    const { kept, limited } = this.#split(envelope.items.filter(hasPlace), (item) => item.headers.type);
    account.dropped('ratelimit_backoff', limited);
    if (kept.length === 0) return undefined;
    const at = { sequence: this.next(), createdMs: wallClock(), receivedMs: now() };
    const { delivery, unwritable } = encodeDelivery({ ...envelope, items: kept }, at);
    account.dropped('internal_sdk_error', unwritable);
    return delivery.items.length === 0 ? undefined : delivery;
  }

  /**
   * What a limit that came meanwhile leaves of a delivery.
   *
   * @returns the items that may be sent, maybe none; the others are counted. The delivery itself where that is all
   */
  review(delivery: Delivery): Pick<Delivery, 'items' | 'bytes' | 'quantity'> {
    const { circuit } = this.#options;
    if (!delivery.items.some(({ category }) => circuit.isLimited(category))) return delivery;
    const { kept, limited } = this.#split(delivery.items, (item) => item.type);
    this.#options.account.dropped('ratelimit_backoff', limited, delivery.origin);
    return { items: kept, bytes: sizeOf(kept), quantity: quantityOf(kept) };
  }

  /** Attachments go with their event. */
  #split<Item extends EncodedItem | EnvelopeItem>(
    items: Item[],
    typeOf: (item: Item) => string,
  ): { kept: Item[]; limited: Item[] } {
    const { circuit } = this.#options;
    const isLimited = (item: Item): boolean => circuit.isLimited(itemCategory(typeOf(item)));
    const isEventLimited = items.some((item) => typeOf(item) === 'event' && isLimited(item));
    const isKept = (item: Item): boolean =>
      !isLimited(item) && !(isEventLimited && typeOf(item) === 'attachment');
    return { kept: items.filter(isKept), limited: items.filter((item) => !isKept(item)) };
  }
}
