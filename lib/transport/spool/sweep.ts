import type { Lease } from './lease';
import type { LostFiles } from './lost-files';
import type { SetAside } from './set-aside';
import type { SpoolFolder } from './spool-folder';
import { claimedName, leaseName, readEntry, writingName, type SpoolName } from './spool-name';

const PAUSE_MS = 10_000;

/** What a {@link Sweep} is made with. */
export interface SweepOptions {
  folder: SpoolFolder;
  lease: Lease;
  setAside: SetAside;
  lostFiles: LostFiles;
  /** What was set aside and created before, in milliseconds since the epoch, is removed. */
  oldestMs: () => number;
  /** Monotonic clock in milliseconds. */
  now: () => number;
}

/** Takes back what dead owners left, for anybody to take. */
export class Sweep {
  readonly #options: SweepOptions;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** Sweeps, unless that was a moment ago. */
  async runAgain(): Promise<void> {
    if (this.#options.now() - this.#lastMs >= PAUSE_MS) await this.run();
  }

  async run(): Promise<void> {
    const { folder, lease, setAside, oldestMs, now } = this.#options;
    this.#lastMs = now();
    const nowMs = await lease.touch();
    const isDead = new Map<string, boolean>();
    // There may be very many that wait: they are not even read.
    const fileNames = (await folder.list()).filter((fileName) => !fileName.endsWith('.envelope'));
    for (const entry of fileNames.map(readEntry)) {
      if (entry === undefined || entry.kind === 'waiting') continue;
      const { owner } = entry;
      if (!isDead.has(owner)) isDead.set(owner, await lease.isOver(owner, nowMs));
      if (!isDead.get(owner)) continue;
      if (entry.kind === 'claimed') await folder.rename(claimedName(entry.name, owner), entry.name.text);
      else if (entry.kind === 'writing') await this.#takeOver(entry.name, owner);
    }
    for (const [owner, isOver] of isDead) if (isOver) await folder.remove(leaseName(owner));
    await setAside.removeOlderThan(oldestMs());
  }

  /** A file that was not given its name in time may be complete all the same. */
  async #takeOver(name: SpoolName, owner: string): Promise<void> {
    const { folder, lostFiles } = this.#options;
    const fileName = writingName(name, owner);
    if ((await folder.sizeOf(fileName)) === name.bytes) await folder.rename(fileName, name.text);
    else if (await folder.remove(fileName)) lostFiles.tell(name, 'internal_sdk_error');
  }
}
