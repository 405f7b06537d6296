import type { FolderScan } from './folder-scan';
import type { Inventory } from './inventory';
import type { LostFiles } from './lost-files';

/** Before anything is thrown out, the folder is looked at again if that was longer ago. */
const RECENT_MS = 1000;

/** Bounds what waits, whichever process wrote it: the oldest of the least important go. */
export class SpoolRoom {
  readonly #inventory: Inventory;
  readonly #scan: FolderScan;
  readonly #lostFiles: LostFiles;
  readonly #maxBytes: number;

  constructor(inventory: Inventory, scan: FolderScan, lostFiles: LostFiles, maxBytes: number) {
    this.#inventory = inventory;
    this.#scan = scan;
    this.#lostFiles = lostFiles;
    this.#maxBytes = maxBytes;
  }

  async make(): Promise<void> {
    if (this.#isEnough) return;
    if (this.#scan.isOlderThan(RECENT_MS)) await this.#scan.run();
    while (!this.#isEnough) {
      const least = this.#inventory.takeLeast();
      if (least !== undefined) await this.#lostFiles.discard(least, 'cache_overflow');
    }
  }

  makeSync(): void {
    while (!this.#isEnough) {
      const least = this.#inventory.takeLeast();
      if (least !== undefined) this.#lostFiles.discardSync(least, 'cache_overflow');
    }
  }

  get #isEnough(): boolean {
    return this.#inventory.bytes <= this.#maxBytes;
  }
}
