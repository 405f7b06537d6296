import { Counter } from './counter';
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
  /** How many wait of each rank, and of those how many no server has refused yet. */
  readonly #countOfRank = new Counter();
  readonly #unrefusedOfRank = new Counter();
  #bytes = 0;
  #quantity = 0;

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
    return !this.#unrefusedOfRank.isEmpty;
  }

  /** How many things are held: an event is one, whatever goes with it. */
  get quantity(): number {
    return this.#quantity;
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
    if (!this.#taken.delete(delivery)) this.#gain(delivery);
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
    this.#gain(delivery);
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
    const lowest = this.#unrefusedOfRank.least;
    return this.#takeAt(
      this.#waiting.findIndex(({ rank, rejections }) => rank === lowest && rejections === 0),
    );
  }

  /** What was taken, or waits still, is done with, one way or the other. @returns false where it was not held any more */
  settle(delivery: Delivery): boolean {
    if (this.#taken.delete(delivery)) {
      this.#lose(delivery);
      return true;
    }
    const index = this.#waiting.indexOf(delivery);
    if (index >= 0) this.#dropAt(index);
    return index >= 0;
  }

  /** Something that was taken has become smaller. */
  resize(
    delivery: Delivery,
    { items, bytes, quantity }: Pick<Delivery, 'items' | 'bytes' | 'quantity'>,
  ): void {
    this.#lose(delivery);
    Object.assign(delivery, { items, bytes, quantity });
    this.#gain(delivery);
  }

  /** Lets go of everything. @returns what was held */
  clear(): Delivery[] {
    const { held } = this;
    this.#bytes = 0;
    this.#quantity = 0;
    this.#countOfRank.clear();
    this.#unrefusedOfRank.clear();
    this.#taken.clear();
    this.#waiting.length = 0;
    return held;
  }

  #leastImportant(): number {
    const lowest = this.#countOfRank.least;
    return this.#waiting.findIndex((delivery) => delivery.rank === lowest);
  }

  #takeAt(index: number): Delivery | undefined {
    if (index < 0 || index >= this.#waiting.length) return undefined;
    const [delivery] = this.#waiting.splice(index, 1);
    this.#count(delivery, -1);
    this.#taken.add(delivery);
    return delivery;
  }

  #dropAt(index: number): Delivery {
    const [removed] = this.#waiting.splice(index, 1);
    this.#count(removed, -1);
    this.#lose(removed);
    return removed;
  }

  #gain({ bytes, quantity }: Delivery): void {
    this.#bytes += bytes;
    this.#quantity += quantity;
  }

  #lose({ bytes, quantity }: Delivery): void {
    this.#bytes -= bytes;
    this.#quantity -= quantity;
  }

  /** What becomes of it while it waits: nothing; so it counts the same when it comes and when it goes. */
  #count({ rank, rejections }: Delivery, change: 1 | -1): void {
    this.#countOfRank.add(rank, change);
    if (rejections === 0) this.#unrefusedOfRank.add(rank, change);
  }
}
