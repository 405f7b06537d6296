import { setImmediate } from 'node:timers/promises';
import type { Inventory } from './inventory';
import type { LostFiles } from './lost-files';
import type { SpoolFolder } from './spool-folder';

/** Of names that are read before something else gets its turn. */
const NAMES_AT_ONCE = 1000;

/** What a {@link FolderScan} is made with. */
export interface FolderScanOptions {
  folder: SpoolFolder;
  inventory: Inventory;
  lostFiles: LostFiles;
  maxFileBytes: number;
  /** What was created before, in milliseconds since the epoch, is removed. */
  oldestMs: () => number;
  /** Monotonic clock in milliseconds. */
  now: () => number;
}

/** Looks into the folder, which other processes change: finds out what waits, and removes what has for too long. */
export class FolderScan {
  readonly #options: FolderScanOptions;
  #running: Promise<void> | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: FolderScanOptions) {
    this.#options = options;
  }

  isOlderThan(ms: number): boolean {
    return this.#options.now() - this.#lastMs > ms;
  }

  /** Looks; several at once share one look. */
  run(): Promise<void> {
    this.#running ??= this.#list().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Looks at once, and removes nothing. */
  runSync(): void {
    const { folder, inventory, maxFileBytes, now } = this.#options;
    const fileNames = folder.listSync();
    this.#lastMs = now();
    for (const name of inventory.compare(fileNames)) {
      if (name.bytes <= maxFileBytes) inventory.found(name);
    }
  }

  async #list(): Promise<void> {
    const { folder, inventory, lostFiles, maxFileBytes, oldestMs, now } = this.#options;
    inventory.beginList();
    try {
      const fileNames = await folder.list();
      this.#lastMs = now();
      let count = 0;
      for (const name of inventory.compare(fileNames)) {
        // The length stands in the name, and would have everything else thrown out to make room.
        if (name.bytes > maxFileBytes) await lostFiles.refuse(name, name.text, 'oversized');
        else inventory.found(name);
        count += 1;
        if (count % NAMES_AT_ONCE === 0) await setImmediate();
      }
    } finally {
      inventory.endList();
    }
    const tooOld = inventory.takeOlderThan(oldestMs());
    try {
      for (const name of tooOld) await lostFiles.discard(name, 'network_error');
    } finally {
      for (const name of tooOld) inventory.forget(name);
    }
  }
}
