import type { DataCategory } from './item-category';

/** Servers accept no other words (Sentry's client reports). */
export const DISCARD_REASONS = [
  'queue_overflow',
  'cache_overflow',
  'buffer_overflow',
  'ratelimit_backoff',
  'network_error',
  'send_error',
  'sample_rate',
  'before_send',
  'event_processor',
  'internal_sdk_error',
  'backpressure',
  'insufficient_data',
  'ignored',
  'invalid',
] as const;

/** Why something was not sent. */
export type DiscardReason = (typeof DISCARD_REASONS)[number];

/** One line of a client report. */
export interface DiscardedEvents {
  reason: DiscardReason;
  category: DataCategory;
  quantity: number;
}

/** Payload of a `client_report` item. */
export interface ClientReport {
  /** Seconds since the epoch. */
  timestamp?: number;
  discarded_events: DiscardedEvents[];
}

/** Counts what was not sent, by reason and category: no loss is silent. */
export class Discards {
  #counts = new Map<string, DiscardedEvents>();
  #total = 0;
  #first: () => void = () => undefined;

  /** Whether nothing was discarded since the counts were last taken. */
  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Has a function called, which must not throw, when something is counted after nothing was. */
  onFirst(first: () => void): void {
    this.#first = first;
  }

  /** Adds to a count; a quantity that is not a positive number is ignored. */
  record(reason: DiscardReason, category: DataCategory, quantity = 1): void {
    if (!(quantity > 0)) return;
    const wasEmpty = this.isEmpty;
    const key = `${reason}:${category}`;
    const entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, { reason, category, quantity });
    else entry.quantity += quantity;
    if (category !== 'log_byte') this.#total += quantity;
    if (wasEmpty) this.#first();
  }

  /**
   * Reads the counts and sets them to zero in one step.
   *
   * @param timestampS - seconds since the epoch, for the report
   * @returns `undefined` where nothing was discarded since the last time
   */
  take(timestampS?: number): ClientReport | undefined {
    if (this.#counts.size === 0) return undefined;
    const discarded = [...this.#counts.values()];
    this.#counts = new Map();
    return timestampS === undefined
      ? { discarded_events: discarded }
      : { timestamp: timestampS, discarded_events: discarded };
  }

  /** All things discarded since the start; `take` does not reset it, bytes do not count. */
  total(): number {
    return this.#total;
  }
}
