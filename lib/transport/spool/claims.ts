import type { Inventory } from './inventory';
import type { SpoolFolder } from './spool-folder';
import { claimedName, type SpoolName } from './spool-name';

/** What this process has for itself: nobody else takes it until it is given back, or its owner has died. */
export class Claims {
  readonly #folder: SpoolFolder;
  readonly #inventory: Inventory;
  readonly #owner: string;
  readonly #names = new Map<string, SpoolName>();

  /** @param owner - as it is part of the names of files */
  constructor(folder: SpoolFolder, inventory: Inventory, owner: string) {
    this.#folder = folder;
    this.#inventory = inventory;
    this.#owner = owner;
  }

  get(text: string): SpoolName | undefined {
    return this.#names.get(text);
  }

  /** What the file of one is called while it is claimed. */
  fileName(name: SpoolName): string {
    return claimedName(name, this.#owner);
  }

  /** Takes note of one that was written as claimed. */
  add(name: SpoolName): void {
    this.#inventory.hold(name);
    this.#names.set(name.text, name);
  }

  /** Claims one of the inventory's hand. @returns false where another process was first */
  async claim(name: SpoolName): Promise<boolean> {
    try {
      if (await this.#folder.rename(name.text, this.fileName(name))) {
        this.#names.set(name.text, name);
        return true;
      }
      this.#inventory.taken(name);
      return false;
    } catch (error) {
      this.#inventory.forget(name);
      throw error;
    }
  }

  async giveBack(name: SpoolName): Promise<void> {
    if (await this.#folder.rename(this.fileName(name), name.text)) this.#inventory.put(name);
    this.forget(name);
  }

  async giveBackAll(): Promise<void> {
    for (const name of this.#names.values()) await this.giveBack(name);
  }

  /** Removes one that was delivered, or is lost. */
  async remove(name: SpoolName): Promise<void> {
    await this.#folder.remove(this.fileName(name));
    this.forget(name);
  }

  /** Its file has gone, or has another name. */
  forget(name: SpoolName): void {
    this.#names.delete(name.text);
    this.#inventory.forget(name);
  }
}
