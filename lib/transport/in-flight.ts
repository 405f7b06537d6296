import type { Delivery } from './delivery';

/** What is on its way, and what the copies that sending makes of it take. */
export class InFlight {
  /** With what each counts for: it may shrink on its way. */
  readonly #copiedBytesOf = new Map<Delivery, number>();
  #copiedBytes = 0;

  /** How many there are. */
  get size(): number {
    return this.#copiedBytesOf.size;
  }

  /** Of all copies. */
  get copiedBytes(): number {
    return this.#copiedBytes;
  }

  add(delivery: Delivery): void {
    // Put together and compressed: two copies at most.
    const copiedBytes = 2 * delivery.bytes;
    this.#copiedBytesOf.set(delivery, copiedBytes);
    this.#copiedBytes += copiedBytes;
  }

  /** @returns whether it was on its way still */
  delete(delivery: Delivery): boolean {
    this.#copiedBytes -= this.#copiedBytesOf.get(delivery) ?? 0;
    return this.#copiedBytesOf.delete(delivery);
  }

  /** Nothing is on its way any more. @returns what was */
  clear(): Delivery[] {
    const deliveries = [...this.#copiedBytesOf.keys()];
    this.#copiedBytesOf.clear();
    this.#copiedBytes = 0;
    return deliveries;
  }
}
