import type { Delivery } from './delivery';

/** How much may wait in a {@link SendQueue}; both hold. */
export interface SendQueueLimits {
  /** In envelopes. */
  maxLength: number;
  /** Of their items, serialized. */
  maxBytes: number;
}

/**
 * What waits for delivery, bounded by count and by bytes.
 *
 * Given out in order of arrival, but what failed before comes after what did not, so that one envelope that breaks
 * the server cannot hold up the others. Where there is no room, the oldest of the least important goes.
 */
export class SendQueue {
  readonly #limits: SendQueueLimits;
  /** Ordered by sequence. */
  readonly #waiting: Delivery[] = [];
  readonly #countOfRank = new Map<number, number>();
  #bytes = 0;

  constructor(limits: SendQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The sequence of the oldest; `Infinity` where nothing waits. */
  get oldest(): number {
    return this.#waiting[0]?.sequence ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Puts something in, also something that was taken before.
   *
   * @returns what had to go for it, which may be itself
   */
  add(delivery: Delivery): Delivery[] {
    if (delivery.bytes > this.#limits.maxBytes) return [delivery];
    let index = this.#waiting.length;
    while (index > 0 && this.#waiting[index - 1].sequence > delivery.sequence) index -= 1;
    this.#waiting.splice(index, 0, delivery);
    this.#count(delivery, 1);
    const dropped: Delivery[] = [];
    while (this.#waiting.length > this.#limits.maxLength || this.#bytes > this.#limits.maxBytes) {
      dropped.push(this.#removeAt(this.#leastImportant()));
    }
    return dropped;
  }

  /** Takes out the next to be sent. */
  take(): Delivery | undefined {
    let best = 0;
    for (let index = 1; index < this.#waiting.length && this.#waiting[best].attempts > 0; index += 1) {
      if (this.#waiting[index].attempts < this.#waiting[best].attempts) best = index;
    }
    return this.#waiting.length === 0 ? undefined : this.#removeAt(best);
  }

  /** Takes out everything. */
  clear(): Delivery[] {
    this.#bytes = 0;
    this.#countOfRank.clear();
    return this.#waiting.splice(0);
  }

  #leastImportant(): number {
    const lowest = Math.min(...this.#countOfRank.keys());
    return this.#waiting.findIndex((delivery) => delivery.rank === lowest);
  }

  #removeAt(index: number): Delivery {
    const [removed] = this.#waiting.splice(index, 1);
    this.#count(removed, -1);
    return removed;
  }

  #count({ rank, bytes }: Delivery, change: 1 | -1): void {
    this.#bytes += change * bytes;
    const count = (this.#countOfRank.get(rank) ?? 0) + change;
    if (count === 0) this.#countOfRank.delete(rank);
    else this.#countOfRank.set(rank, count);
  }
}
