import type { SpoolName } from './spool-name';

/** So many are cut off at once: one by one takes time with a long list. */
const MANY_GONE = 100;

/** Those of one rank. */
interface Rank {
  /** The oldest first. */
  names: SpoolName[];
  /** How many at the beginning are gone. */
  gone: number;
}

/** What waits in a spool as far as is known, by rank and age; quick with a hundred thousand too. */
export class WaitingList {
  readonly #ranks = new Map<number, Rank>();
  readonly #texts = new Set<string>();
  #bytes = 0;

  get length(): number {
    return this.#texts.size;
  }

  /** Of all files together, as their names tell. */
  get bytes(): number {
    return this.#bytes;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  /** Adds a name, unless it is there already. */
  add(name: SpoolName): void {
    if (this.#texts.has(name.text)) return;
    this.#texts.add(name.text);
    this.#bytes += name.bytes;
    const rank = this.#ranks.get(name.rank);
    if (rank === undefined) {
      this.#ranks.set(name.rank, { names: [name], gone: 0 });
      return;
    }
    let index = rank.names.length;
    while (index > rank.gone && isOlder(name, rank.names[index - 1])) index -= 1;
    rank.names.splice(index, 0, name);
  }

  /** Drops all that are not among these. @returns what was dropped */
  keep(texts: ReadonlySet<string>): SpoolName[] {
    const dropped: SpoolName[] = [];
    for (const [key, rank] of this.#ranks) {
      const kept: SpoolName[] = [];
      for (const name of rank.names.slice(rank.gone)) {
        if (texts.has(name.text)) kept.push(name);
        else {
          this.#forget(name);
          dropped.push(name);
        }
      }
      if (kept.length === 0) this.#ranks.delete(key);
      else this.#ranks.set(key, { names: kept, gone: 0 });
    }
    return dropped;
  }

  /** Takes out the oldest of the most important. */
  takeNext(): SpoolName | undefined {
    return this.#takeOldest(Math.max(...this.#ranks.keys()));
  }

  /** Takes out the oldest of the least important. */
  takeLeast(): SpoolName | undefined {
    return this.#takeOldest(Math.min(...this.#ranks.keys()));
  }

  /** Takes out all that were created before. */
  takeOlderThan(createdMs: number): SpoolName[] {
    const taken: SpoolName[] = [];
    for (const [key, rank] of this.#ranks) {
      while (rank.gone < rank.names.length && rank.names[rank.gone].createdMs < createdMs) {
        const oldest = this.#takeOldest(key);
        if (oldest !== undefined) taken.push(oldest);
      }
    }
    return taken;
  }

  #takeOldest(key: number): SpoolName | undefined {
    const rank = this.#ranks.get(key);
    if (rank === undefined) return undefined;
    const oldest = rank.names[rank.gone];
    rank.gone += 1;
    if (rank.gone === rank.names.length) this.#ranks.delete(key);
    else if (rank.gone >= MANY_GONE && rank.gone * 2 > rank.names.length) {
      rank.names.splice(0, rank.gone);
      rank.gone = 0;
    }
    this.#forget(oldest);
    return oldest;
  }

  #forget(name: SpoolName): void {
    this.#texts.delete(name.text);
    this.#bytes -= name.bytes;
  }
}

function isOlder(a: SpoolName, b: SpoolName): boolean {
  if (a.createdMs !== b.createdMs) return a.createdMs < b.createdMs;
  if (a.sequence !== b.sequence) return a.sequence < b.sequence;
  return a.text < b.text;
}
