import type { Delivery } from './delivery';

/** How much a {@link SendQueue} may hold; both hold. */
export interface SendQueueLimits {
  /** In envelopes. */
  maxLength: number;
  /** Of their items, serialized. */
  maxBytes: number;
}

/**
 * Everything that is in memory for delivery, bounded by count and by bytes: what waits, and what somebody has taken
 * out and not settled yet.
 *
 * Given out in order of arrival, but what failed before comes after what did not, so that one envelope that breaks
 * the server cannot hold up the others. Where there is no room, the oldest of the least important goes.
 */
export class SendQueue {
  readonly #limits: SendQueueLimits;
  /** Ordered by sequence. */
  readonly #waiting: Delivery[] = [];
  readonly #taken = new Set<Delivery>();
  readonly #countOfRank = new Map<number, number>();
  #bytes = 0;

  constructor(limits: SendQueueLimits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether nothing is held. */
  get isEmpty(): boolean {
    return this.#waiting.length + this.#taken.size === 0;
  }

  /** Of all that is held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All that is held, oldest first, but what is taken before the rest. */
  get held(): Delivery[] {
    return [...this.#taken, ...this.#waiting];
  }

  /** Whether something waits that no server has refused yet. */
  get hasUnrefused(): boolean {
    return this.#waiting.some((delivery) => delivery.rejections === 0);
  }

  /** How many things are held: an event is one, whatever goes with it. */
  get quantity(): number {
    return this.held.reduce((sum, delivery) => sum + delivery.quantity, 0);
  }

  /** Whether more than this share of what may be held is. */
  isFuller(share: number): boolean {
    const count = this.#waiting.length + this.#taken.size;
    return count > this.#limits.maxLength * share || this.#bytes > this.#limits.maxBytes * share;
  }

  /** Whether so many bytes more may be held without anything having to go. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#limits.maxBytes;
  }

  /** Whether something of that sequence or an older one is held. */
  hasUntil(sequence: number): boolean {
    if (this.#waiting.length > 0 && this.#waiting[0].sequence <= sequence) return true;
    for (const delivery of this.#taken) if (delivery.sequence <= sequence) return true;
    return false;
  }

  /**
   * Puts something in, also something that was taken before.
   *
   * @returns what had to go for it, which may be itself
   */
  add(delivery: Delivery): Delivery[] {
    if (!this.#taken.delete(delivery)) this.#bytes += delivery.bytes;
    let index = this.#waiting.length;
    while (index > 0 && this.#waiting[index - 1].sequence > delivery.sequence) index -= 1;
    this.#waiting.splice(index, 0, delivery);
    this.#count(delivery, 1);
    const dropped: Delivery[] = [];
    // What can never fit must not drive out all the others first.
    if (delivery.bytes > this.#limits.maxBytes) return [this.#dropAt(this.#waiting.indexOf(delivery))];
    while (this.#waiting.length > 0 && this.isFuller(1)) dropped.push(this.#dropAt(this.#leastImportant()));
    return dropped;
  }

  /** Holds something that does not wait; `false` where there is no room for it. */
  hold(delivery: Delivery): boolean {
    this.#taken.add(delivery);
    this.#bytes += delivery.bytes;
    if (!this.isFuller(1)) return true;
    this.settle(delivery);
    return false;
  }

  /** Takes out the next to be sent; it is held until it is settled or added again. */
  take(): Delivery | undefined {
    let best = 0;
    for (let index = 1; index < this.#waiting.length && this.#waiting[best].attempts > 0; index += 1) {
      if (this.#waiting[index].attempts < this.#waiting[best].attempts) best = index;
    }
    return this.#takeAt(best);
  }

  /**
   * Takes out the oldest of the least important that no server has refused yet; it is held until it is settled or
   * added again.
   */
  takeLeastImportant(): Delivery | undefined {
    const free = this.#waiting.filter((delivery) => delivery.rejections === 0);
    const lowest = Math.min(...free.map(({ rank }) => rank));
    const least = free.find(({ rank }) => rank === lowest);
    return least && this.#takeAt(this.#waiting.indexOf(least));
  }

  /** What was taken, or waits still, is done with, one way or the other. @returns false where it was not held any more */
  settle(delivery: Delivery): boolean {
    if (this.#taken.delete(delivery)) {
      this.#bytes -= delivery.bytes;
      return true;
    }
    const index = this.#waiting.indexOf(delivery);
    if (index >= 0) this.#dropAt(index);
    return index >= 0;
  }

  /** Something that is held has become smaller. */
  resize(delivery: Delivery, bytes: number): void {
    this.#bytes += bytes - delivery.bytes;
    delivery.bytes = bytes;
  }

  /** Lets go of everything. @returns what was held */
  clear(): Delivery[] {
    const { held } = this;
    this.#bytes = 0;
    this.#countOfRank.clear();
    this.#taken.clear();
    this.#waiting.length = 0;
    return held;
  }

  #leastImportant(): number {
    const lowest = Math.min(...this.#countOfRank.keys());
    return this.#waiting.findIndex((delivery) => delivery.rank === lowest);
  }

  #takeAt(index: number): Delivery | undefined {
    const delivery = this.#waiting.splice(index, 1).at(0);
    if (delivery === undefined) return undefined;
    this.#count(delivery, -1);
    this.#taken.add(delivery);
    return delivery;
  }

  #dropAt(index: number): Delivery {
    const [removed] = this.#waiting.splice(index, 1);
    this.#count(removed, -1);
    this.#bytes -= removed.bytes;
    return removed;
  }

  #count({ rank }: Delivery, change: 1 | -1): void {
    const count = (this.#countOfRank.get(rank) ?? 0) + change;
    if (count === 0) this.#countOfRank.delete(rank);
    else this.#countOfRank.set(rank, count);
  }
}
