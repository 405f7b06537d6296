import type { SpoolName } from './spool-name';

/** What waits in a spool as far as is known, by rank and age. */
export class WaitingList {
  /** Of each rank the oldest first. */
  readonly #ofRank = new Map<number, SpoolName[]>();
  readonly #texts = new Set<string>();
  #bytes = 0;

  constructor(names: Iterable<SpoolName> = []) {
    for (const name of [...names].sort((a, b) => (isOlder(a, b) ? -1 : 1))) this.add(name);
  }

  get length(): number {
    return this.#texts.size;
  }

  /** Of all files together, as their names tell. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a name, unless it is there already. */
  add(name: SpoolName): void {
    if (this.#texts.has(name.text)) return;
    this.#texts.add(name.text);
    this.#bytes += name.bytes;
    const names = this.#ofRank.get(name.rank);
    if (names === undefined) {
      this.#ofRank.set(name.rank, [name]);
      return;
    }
    let index = names.length;
    while (index > 0 && isOlder(name, names[index - 1])) index -= 1;
    names.splice(index, 0, name);
  }

  /** Takes out the oldest of the most important. */
  takeNext(): SpoolName | undefined {
    return this.#takeOldest(Math.max(...this.#ofRank.keys()));
  }

  /** Takes out the oldest of the least important. */
  takeLeast(): SpoolName | undefined {
    return this.#takeOldest(Math.min(...this.#ofRank.keys()));
  }

  /** Takes out all that were created before. */
  takeOlderThan(createdMs: number): SpoolName[] {
    const taken: SpoolName[] = [];
    for (const [rank, names] of this.#ofRank) {
      const young = names.findIndex((name) => name.createdMs >= createdMs);
      for (let count = young < 0 ? names.length : young; count > 0; count -= 1) {
        const oldest = this.#takeOldest(rank);
        if (oldest !== undefined) taken.push(oldest);
      }
    }
    return taken;
  }

  #takeOldest(rank: number): SpoolName | undefined {
    const names = this.#ofRank.get(rank);
    const oldest = names?.shift();
    if (names?.length === 0) this.#ofRank.delete(rank);
    if (oldest === undefined) return undefined;
    this.#texts.delete(oldest.text);
    this.#bytes -= oldest.bytes;
    return oldest;
  }
}

function isOlder(a: SpoolName, b: SpoolName): boolean {
  if (a.createdMs !== b.createdMs) return a.createdMs < b.createdMs;
  if (a.sequence !== b.sequence) return a.sequence < b.sequence;
  return a.text < b.text;
}
