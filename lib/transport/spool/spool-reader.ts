import type { Claims } from './claims';
import { errorCode } from './error-code';
import type { FolderScan } from './folder-scan';
import type { Inventory } from './inventory';
import type { LostFiles } from './lost-files';
import { readCarefully } from './read-carefully';
import type { SpoolFolder } from './spool-folder';
import type { SpoolFormat } from './spool-format';
import type { SpoolName } from './spool-name';
import type { SpoolContent } from './spool.options';
import type { Sweep } from './sweep';

/** What other processes did is seen after so long at the latest. */
export const RESCAN_MS = 5000;
/** Files that cannot be claimed before it is taken for trouble with the folder. */
const MAX_FAILURES = 10;

/** What a {@link SpoolReader} is made with. */
export interface SpoolReaderOptions {
  folder: SpoolFolder;
  format: SpoolFormat;
  inventory: Inventory;
  claims: Claims;
  scan: FolderScan;
  sweep: Sweep;
  lostFiles: LostFiles;
  maxFileBytes: number;
  /** What was created before, in milliseconds since the epoch, is not read. */
  oldestMs: () => number;
  /** Whether nothing may begin any more. */
  isEnded: () => boolean;
}

/** Claims and reads what waits, the oldest of the most important first. */
export class SpoolReader {
  readonly #options: SpoolReaderOptions;

  constructor(options: SpoolReaderOptions) {
    this.#options = options;
  }

  /** @returns `undefined` where nothing waits that can be read */
  async next(): Promise<{ name: SpoolName; content: SpoolContent } | undefined> {
    const { inventory, scan, sweep, lostFiles, oldestMs, isEnded } = this.#options;
    const failures: unknown[] = [];
    let isFresh = false;
    if (!inventory.isEmpty && scan.isOlderThan(RESCAN_MS)) await scan.run();
    while (!isEnded() && failures.length < MAX_FAILURES) {
      const name = inventory.takeNext();
      if (name === undefined) {
        if (isFresh) break;
        await sweep.runAgain();
        await scan.run();
        isFresh = true;
      } else if (name.createdMs < oldestMs()) {
        await lostFiles.discard(name, 'network_error');
      } else if (await this.#claim(name, failures)) {
        const content = await this.#read(name);
        // On closing it is given back with the others.
        if (content !== undefined && !isEnded()) return { name, content };
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  /** One that cannot be claimed must not stand in the way of the others. */
  async #claim(name: SpoolName, failures: unknown[]): Promise<boolean> {
    try {
      return await this.#options.claims.claim(name);
    } catch (error) {
      failures.push(error);
      return false;
    }
  }

  /** @returns `undefined` for what was set aside, or is gone */
  async #read(name: SpoolName): Promise<SpoolContent | undefined> {
    const { folder, format, claims, lostFiles, maxFileBytes } = this.#options;
    const fileName = claims.fileName(name);
    try {
      const read = await readCarefully(folder.file(fileName), name.bytes, maxFileBytes);
      const content = typeof read === 'string' ? read : format.decode(name, read);
      if (typeof content !== 'string') return content;
      await lostFiles.refuse(name, fileName, content);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        await claims.giveBack(name);
        throw error;
      }
    }
    claims.forget(name);
    return undefined;
  }
}
