import { lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code';
import type { SpoolFolder } from './spool-folder';
import { readEntry } from './spool-name';

const MAX_FILES = 100;

/** Keeps files that cannot be delivered for somebody to look at, a bounded number of them. */
export class SetAside {
  readonly #folder: SpoolFolder;
  readonly #maxBytes: number;

  constructor(folder: SpoolFolder, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Moves a file of the spool here, or removes it where there is no room. */
  async take(fileName: string, name: string): Promise<void> {
    const path = this.#folder.file(fileName);
    this.#folder.prepare();
    try {
      if (await this.#hasRoomFor(path)) await rename(path, join(this.#folder.setAsidePath, name));
      else await remove(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  /** Removes what was created before. */
  async removeOlderThan(createdMs: number): Promise<void> {
    for (const file of await readdir(this.#folder.setAsidePath)) {
      const entry = readEntry(file);
      if (entry?.kind !== 'waiting' || entry.name.createdMs >= createdMs) continue;
      // What cannot be removed may stay; it is nobody's any more.
      await remove(join(this.#folder.setAsidePath, file)).catch(() => undefined);
    }
  }

  async #hasRoomFor(path: string): Promise<boolean> {
    const files = await readdir(this.#folder.setAsidePath);
    if (files.length >= MAX_FILES) return false;
    const paths = [path, ...files.map((file) => join(this.#folder.setAsidePath, file))];
    const stats = await Promise.all(paths.map((each) => lstat(each)));
    return stats.reduce((sum, { size }) => sum + size, 0) <= this.#maxBytes;
  }
}

/** Never more than one: what a folder holds is not the spool's. */
async function remove(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) await rmdir(path);
  else await unlink(path);
}
