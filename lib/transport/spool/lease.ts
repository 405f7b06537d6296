import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { errorCode } from './error-code';
import type { SpoolFolder } from './spool-folder';
import { leaseName } from './spool-name';
import type { SpoolOwner } from './spool-owner';

/** An owner that has not been heard of for so long is taken for dead. */
export const LEASE_MS = 60_000;

const FLAGS =
  constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Tells the others that an owner lives: a file that is touched from time to time. Ages are measured by the clock of
 * the file system, so those of several machines need not agree.
 */
export class Lease {
  readonly #folder: SpoolFolder;
  readonly #owner: SpoolOwner;

  constructor(folder: SpoolFolder, owner: SpoolOwner) {
    this.#folder = folder;
    this.#owner = owner;
  }

  /** Begins or extends it. */
  touchSync(): void {
    const file = openSync(this.#path(), FLAGS, 0o600);
    try {
      writeSync(file, '1', 0);
    } finally {
      closeSync(file);
    }
  }

  /**
   * Extends it.
   *
   * @returns what time it is for the file system
   */
  async touch(): Promise<number> {
    const file = await open(this.#path(), FLAGS, 0o600);
    try {
      await file.write('1', 0);
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  }

  /** @param nowMs - as `touch` gives it */
  async isOver(owner: string, nowMs: number): Promise<boolean> {
    if (owner === this.#owner.text) return false;
    if (this.#owner.hasEnded(owner)) return true;
    try {
      const { mtimeMs } = await lstat(this.#path(owner));
      // One from the future would never end.
      return Math.abs(nowMs - mtimeMs) > LEASE_MS;
    } catch (error) {
      // There is a lease before there is a claim.
      if (errorCode(error) === 'ENOENT') return true;
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#folder.remove(leaseName(this.#owner.text));
  }

  #path(owner: string = this.#owner.text): string {
    return this.#folder.file(leaseName(owner));
  }
}
