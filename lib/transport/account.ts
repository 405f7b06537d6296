import { Discards, type DiscardReason } from '../protocol/discards';
import { itemQuantity, type EncodedItem, type EnvelopeItem } from '../protocol/envelope';
import { itemCategory } from '../protocol/item-category';
import { recordDiscards } from './record-discards';

/** Why something was not delivered: Sentry's words, and `rate_limited` for what a server refused with 429. */
export type DropReason = DiscardReason | 'rate_limited';

/** What was read back from a spool was captured by another process and is in none of the sums. */
export type Origin = 'own' | 'recovered';

/** The counts of an {@link Account} at one moment. */
export interface AccountCounts {
  captured: number;
  sent: number;
  retried: number;
  spooled: number;
  recovered: number;
  dropped: Partial<Record<DropReason, number>>;
  lastError?: { message: string; atMs: number };
}

/**
 * Where everything went: `captured = sent + dropped + pending + spooled`, of which `pending` is what somebody holds
 * and not counted here. One event is one, with its attachments; client reports do not count.
 */
export class Account {
  /** What is still to be reported to the server. */
  readonly discards = new Discards();
  readonly #wallClock: () => number;
  readonly #counts = { captured: 0, sent: 0, retried: 0, spooled: 0, recovered: 0 };
  readonly #dropped = new Map<DropReason, number>();
  #lastError?: { message: string; atMs: number };

  /** @param wallClock - milliseconds since the epoch */
  constructor(wallClock: () => number = Date.now) {
    this.#wallClock = wallClock;
  }

  captured(): void {
    this.#counts.captured += 1;
  }

  sent(quantity: number, origin: Origin = 'own'): void {
    this.#counts[origin === 'own' ? 'sent' : 'recovered'] += quantity;
  }

  retried(quantity: number): void {
    this.#counts.retried += quantity;
  }

  /** @param quantity - negative for what was read back */
  spooled(quantity: number): void {
    this.#counts.spooled += quantity;
  }

  /** Counts events of which nothing but the number is known. */
  droppedEvent(reason: DropReason, quantity = 1, origin: Origin = 'own'): void {
    if (origin === 'own') this.#drop(reason, quantity);
    if (reason !== 'rate_limited') this.discards.record(reason, 'error', quantity);
  }

  /** Counts items that are lost. A server counts by itself what it refuses with 429, so that is not reported to it. */
  dropped(reason: DropReason, items: readonly (EncodedItem | EnvelopeItem)[], origin: Origin = 'own'): void {
    if (origin === 'own') this.#drop(reason, quantityOf(items));
    if (reason !== 'rate_limited') recordDiscards(this.discards, reason, items);
  }

  /** Remembers what went wrong last. @param message - without secrets */
  failed(message: string): void {
    this.#lastError = { message, atMs: this.#wallClock() };
  }

  counts(): AccountCounts {
    return {
      ...this.#counts,
      dropped: Object.fromEntries(this.#dropped),
      ...(this.#lastError && { lastError: this.#lastError }),
    };
  }

  #drop(reason: DropReason, quantity: number): void {
    if (quantity > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + quantity);
  }
}

/** How many things these items are: attachments are part of their event, reports are about others. */
export function quantityOf(items: readonly (EncodedItem | EnvelopeItem)[]): number {
  return items.reduce((sum, item) => {
    const isEncoded = 'bytes' in item;
    const category = isEncoded ? item.category : itemCategory(item.headers.type);
    if (category === 'internal' || category === 'attachment') return sum;
    return sum + (isEncoded ? item.quantity : itemQuantity(item.headers));
  }, 0);
}
