import type { TransportLogger } from '../transport-logger';
import type { Inventory } from './inventory';
import type { Refusal } from './read-carefully';
import type { SetAside } from './set-aside';
import type { SpoolFolder } from './spool-folder';
import type { SpoolName } from './spool-name';
import type { SpoolLoss } from './spool.options';

/** What {@link LostFiles} are made with. */
export interface LostFilesOptions {
  folder: SpoolFolder;
  setAside: SetAside;
  inventory: Inventory;
  logger: TransportLogger;
  isOwn: (name: SpoolName) => boolean;
  /** Told of each envelope that is lost. */
  lost: (loss: SpoolLoss) => void;
}

/** What will not be delivered: removes it, or sets it aside, and tells of it. */
export class LostFiles {
  readonly #options: LostFilesOptions;
  readonly #toldRefusals = new Set<string>();

  constructor(options: LostFilesOptions) {
    this.#options = options;
  }

  /** Tells of one that has no file. */
  tell(name: SpoolName, reason: SpoolLoss['reason']): void {
    const { lost, isOwn } = this.#options;
    lost({ reason, quantity: name.quantity, isOwn: isOwn(name) });
  }

  /** Removes one that waited. */
  async discard(name: SpoolName, reason: SpoolLoss['reason']): Promise<void> {
    try {
      if (await this.#options.folder.remove(name.text)) this.tell(name, reason);
    } finally {
      this.#options.inventory.forget(name);
    }
  }

  discardSync(name: SpoolName, reason: SpoolLoss['reason']): void {
    try {
      if (this.#options.folder.removeSync(name.text)) this.tell(name, reason);
    } finally {
      this.#options.inventory.forget(name);
    }
  }

  /** Sets one aside that must not be read. @param fileName - what its file is called now */
  async refuse(name: SpoolName, fileName: string, why: Refusal | 'foreign'): Promise<void> {
    const { setAside, folder, logger } = this.#options;
    await setAside.take(fileName, name.text);
    this.tell(name, 'internal_sdk_error');
    if (this.#toldRefusals.has(why)) return;
    this.#toldRefusals.add(why);
    logger.warn(
      `a file of the spool is set aside in "${folder.setAsidePath}", as will be others like it: ${name.text} is ${why}`,
    );
  }
}
