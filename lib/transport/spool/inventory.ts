import { readEntry, type SpoolName } from './spool-name';
import { WaitingList } from './waiting-list';

/** So many names that others have taken are remembered. */
const MAX_TAKEN = 10_000;

/** What an {@link Inventory} tells apart, and whom it tells. */
export interface InventoryOptions {
  isOwn(name: SpoolName): boolean;
  /** Told of events of our own that another process has taken; negative. Positive: it gave them back. */
  moved?(quantity: number): void;
}

/**
 * What is known of the files that wait. A name that this process is at, to write, claim or remove its file, is in
 * its hand: a list of the folder, which is of a moment before, says nothing new of it.
 */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #waiting = new WaitingList();
  readonly #inHand = new Set<string>();
  /** Of our own; they may give them back. */
  readonly #takenByOthers = new Set<string>();
  /** Set while the folder is being listed: what was in the hand meanwhile. */
  #changedMeanwhile: Set<string> | undefined;

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Of all that waits, as their names tell. */
  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** Takes the oldest of the most important into the hand. */
  takeNext(): SpoolName | undefined {
    return this.#take(this.#waiting.takeNext());
  }

  /** Takes the oldest of the least important into the hand. */
  takeLeast(): SpoolName | undefined {
    return this.#take(this.#waiting.takeLeast());
  }

  /** Takes all that were created before into the hand. */
  takeOlderThan(createdMs: number): SpoolName[] {
    const names = this.#waiting.takeOlderThan(createdMs);
    for (const name of names) this.hold(name);
    return names;
  }

  /** Takes one into the hand that is not known yet. */
  hold({ text }: SpoolName): void {
    this.#inHand.add(text);
    this.#changedMeanwhile?.add(text);
  }

  /** One of the hand waits from now on. */
  put(name: SpoolName): void {
    this.forget(name);
    this.#waiting.add(name);
  }

  /** One of the hand is gone, or nothing is known of it any more. */
  forget({ text }: SpoolName): void {
    this.#inHand.delete(text);
    this.#changedMeanwhile?.add(text);
  }

  /** One that waited is gone by another process's hand. */
  taken(name: SpoolName): void {
    this.forget(name);
    if (!this.#options.isOwn(name)) return;
    if (this.#takenByOthers.size < MAX_TAKEN) this.#takenByOthers.add(name.text);
    this.#options.moved?.(-name.quantity);
  }

  /** From here on the folder may be read; `endList` must follow. */
  beginList(): void {
    this.#changedMeanwhile = new Set();
  }

  endList(): void {
    this.#changedMeanwhile = undefined;
  }

  /** Forgets what waits no more. @returns what was not known to wait, in order of age */
  *compare(fileNames: readonly string[]): Generator<SpoolName> {
    const gone = this.#waiting.keep(new Set([...fileNames, ...(this.#changedMeanwhile ?? [])]));
    for (const name of gone) this.taken(name);
    for (const fileName of fileNames.filter((each) => !this.#waiting.has(each)).sort()) {
      if (this.#inHand.has(fileName) || this.#changedMeanwhile?.has(fileName)) continue;
      const entry = readEntry(fileName);
      if (entry?.kind === 'waiting') yield entry.name;
    }
  }

  /** One of a list waits. Of our own only what another process had taken and gave back is news. */
  found(name: SpoolName): void {
    this.#waiting.add(name);
    if (this.#takenByOthers.delete(name.text)) this.#options.moved?.(name.quantity);
  }

  #take(name: SpoolName | undefined): SpoolName | undefined {
    if (name !== undefined) this.hold(name);
    return name;
  }
}
