import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** `O_EXCL` follows no link either. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * The folder of one DSN's envelopes: readable by its owner alone, written to in a way that leaves a file whole or not
 * there, whenever the process or the machine stops. All methods fail as Node's `fs` does.
 */
export class SpoolFolder {
  readonly path: string;
  readonly setAsidePath: string;

  /** @param directory - of all DSNs */
  constructor(directory: string, publicDsn: string) {
    this.path = join(directory, createHash('sha256').update(publicDsn).digest('hex').slice(0, 16));
    this.setAsidePath = join(this.path, 'set-aside');
  }

  /** Makes what is missing. Blocks for the moment that it takes, once per process. */
  prepare(): void {
    for (const path of [this.path, this.setAsidePath]) {
      makeFolder(path);
      const stat = lstatSync(path);
      if (!stat.isDirectory()) throw new Error(`${path} is not a folder`);
      if (process.getuid !== undefined && stat.uid !== process.getuid()) {
        throw new Error(`${path} belongs to another user`);
      }
      // The umask may have taken away more than the others' rights, or somebody made it before.
      if ((stat.mode & 0o777) !== PRIVATE_FOLDER) chmodSync(path, PRIVATE_FOLDER);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  list(): Promise<string[]> {
    return readdir(this.path);
  }

  listSync(): string[] {
    return readdirSync(this.path);
  }

  /** Writes a file under one name, and gives it its own when all of it is on the disk. */
  async write(writing: string, name: string, bytes: Buffer): Promise<void> {
    const path = this.file(writing);
    const file = await open(path, NEW_FILE, PRIVATE_FILE);
    try {
      try {
        await file.chmod(PRIVATE_FILE);
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      // It is not there any more where the end of the process came in between, and wrote it at once.
      // Where the folder is gone with it, it was not written, which this tells.
      if (!(await wasThere(rename(path, this.file(name))))) await lstat(this.path);
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
    await this.#sync();
  }

  /** @param fsync - whether it must outlast the machine, not only the process */
  writeSync(writing: string, name: string, bytes: Buffer, fsync: boolean): void {
    const path = this.file(writing);
    // It may be being written already: whoever is at it finds that it is done.
    rmSync(path, { force: true });
    const file = openSync(path, NEW_FILE, PRIVATE_FILE);
    try {
      try {
        fchmodSync(file, PRIVATE_FILE);
        writeFileSync(file, bytes);
        if (fsync) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(path, this.file(name));
    } catch (error) {
      try {
        unlinkSync(path);
      } catch {
        // The first error tells what is wrong.
      }
      throw error;
    }
    if (fsync) this.#syncSync();
  }

  /** @returns whether the file was there and this call renamed it */
  rename(from: string, to: string): Promise<boolean> {
    return wasThere(rename(this.file(from), this.file(to)));
  }

  /** @returns whether the file was there and this call removed it */
  remove(name: string): Promise<boolean> {
    return wasThere(unlink(this.file(name)));
  }

  removeSync(name: string): boolean {
    try {
      unlinkSync(this.file(name));
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** @returns `undefined` where it is gone, or is no plain file */
  async sizeOf(name: string): Promise<number | undefined> {
    try {
      const stat = await lstat(this.file(name));
      return stat.isFile() ? stat.size : undefined;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes the name last. Where that cannot be done, the file has its name all the same: no reason to write it again. */
  async #sync(): Promise<void> {
    try {
      const folder = await open(this.path, constants.O_RDONLY);
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch {
      // As above.
    }
  }

  #syncSync(): void {
    try {
      const folder = openSync(this.path, constants.O_RDONLY);
      try {
        fsyncSync(folder);
      } finally {
        closeSync(folder);
      }
    } catch {
      // As above.
    }
  }
}

/** With what is missing above it. Node 20's `recursive` never returns for a path like /proc/nope. */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(path, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Somebody else may always be first; that is no failure. */
async function wasThere(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
