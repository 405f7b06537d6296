/** How many there are of each number. */
export class Counter {
  readonly #counts = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** The lowest of which there is one; infinite where there is none. */
  get least(): number {
    return Math.min(...this.#counts.keys());
  }

  add(key: number, change: 1 | -1): void {
    const count = (this.#counts.get(key) ?? 0) + change;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }

  clear(): void {
    this.#counts.clear();
  }
}
