import { Claims } from './claims';
import { DiskEfforts } from './disk-efforts';
import { FolderScan } from './folder-scan';
import { Inventory } from './inventory';
import { Lease } from './lease';
import { LostFiles } from './lost-files';
import { SetAside } from './set-aside';
import { SpoolFolder } from './spool-folder';
import { SpoolFormat } from './spool-format';
import { writingName, type SpoolName } from './spool-name';
import type { SpoolClaim, SpoolContent, SpoolLoss, SpoolOptions } from './spool.options';
import { SpoolOwner } from './spool-owner';
import { RESCAN_MS, SpoolReader } from './spool-reader';
import { SpoolRoom } from './spool-room';
import { Sweep } from './sweep';

export type { SpoolClaim, SpoolContent, SpoolLoss, SpoolOptions } from './spool.options';

const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
/** A third of a lease may be missed twice. */
const HEARTBEAT_MS = 15_000;
const IDLE_SCAN_MS = 60_000;

/**
 * Envelopes on disk, one file each, until they are delivered. Several processes may share a directory: each envelope
 * is claimed by one of them, and what a dead one had claimed is taken back. An envelope is given out twice only if
 * its owner stood still for a minute, or died after it was delivered and before it was removed.
 *
 * Trouble with the disk is told once and never thrown; what is asked for is then answered with "no", and tried anew
 * the next time.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #maxFileBytes: number;
  readonly #owner: SpoolOwner;
  readonly #folder: SpoolFolder;
  readonly #format: SpoolFormat;
  readonly #lease: Lease;
  readonly #efforts: DiskEfforts;
  readonly #inventory: Inventory;
  readonly #lostFiles: LostFiles;
  readonly #claims: Claims;
  readonly #scan: FolderScan;
  readonly #sweep: Sweep;
  readonly #room: SpoolRoom;
  readonly #reader: SpoolReader;
  #cancelHeartbeat = (): void => undefined;

  constructor(options: SpoolOptions) {
    const { directory, publicDsn, maxBytes, maxAgeMs, logger, now, wallClock } = options;
    const maxFileBytes = Math.min(maxBytes, options.maxFileBytes ?? LARGEST_FILE_BYTES);
    const oldestMs = (): number => wallClock() - maxAgeMs;
    const owner = new SpoolOwner(options.process);
    const isOwn = ({ writer }: SpoolName): boolean => writer === owner.writer;
    const folder = new SpoolFolder(directory, publicDsn);
    const format = new SpoolFormat(publicDsn, owner.writer);
    const lease = new Lease(folder, owner);
    const setAside = new SetAside(folder, maxBytes);
    const prepare = (): void => {
      folder.prepare();
      lease.touchSync();
    };
    const efforts = new DiskEfforts({ directory, logger, prepare });
    const inventory = new Inventory({ isOwn, moved: (quantity) => options.moved?.(quantity) });
    const lost = (loss: SpoolLoss): void => options.lost(loss);
    const lostFiles = new LostFiles({ folder, setAside, inventory, logger, isOwn, lost });
    const claims = new Claims(folder, inventory, owner.text);
    const isEnded = (): boolean => efforts.isEnded;
    const shared = { folder, inventory, lostFiles, maxFileBytes, oldestMs, now };
    const scan = new FolderScan(shared);
    const sweep = new Sweep({ ...shared, lease, setAside });
    this.#options = options;
    this.#maxFileBytes = maxFileBytes;
    this.#owner = owner;
    this.#folder = folder;
    this.#format = format;
    this.#lease = lease;
    this.#efforts = efforts;
    this.#inventory = inventory;
    this.#lostFiles = lostFiles;
    this.#claims = claims;
    this.#scan = scan;
    this.#sweep = sweep;
    this.#room = new SpoolRoom(inventory, scan, lostFiles, maxBytes);
    this.#reader = new SpoolReader({ ...shared, format, claims, scan, sweep, isEnded });
  }

  /** Makes the folder, takes back what dead processes left, and keeps its lease from now on. Never rejects. */
  async open(): Promise<void> {
    await this.#efforts.run('read', async () => {
      await this.#sweep.run();
      await this.#scan.run();
    });
    this.#beat();
  }

  /**
   * Writes an envelope so that it outlasts the process and the machine; anybody may take it then.
   *
   * @returns false where it could not be written. One for which there is no room is the spool's loss: that is told,
   *   and true
   */
  async put(content: SpoolContent): Promise<boolean> {
    const { name, bytes } = this.#format.encode(content);
    if (bytes.byteLength > this.#maxFileBytes) {
      this.#lostFiles.tell(name, 'cache_overflow');
      return true;
    }
    this.#inventory.hold(name);
    const isWritten = await this.#efforts.run('written', async () => {
      await this.#folder.write(writingName(name, this.#owner.text), name.text, bytes);
      return true;
    });
    if (!isWritten) {
      this.#inventory.forget(name);
      return false;
    }
    this.#inventory.put(name);
    await this.#efforts.run('read', async () => {
      if (this.#scan.isOlderThan(RESCAN_MS)) await this.#scan.run();
      await this.#room.make();
    });
    return true;
  }

  /**
   * The same at once, for the end of the process or to be on the safe side before sending.
   *
   * @param how - `claim`: nobody may take it while this process lives, and it takes no room; `fsync`: it must
   *   outlast the machine too, which takes milliseconds
   * @returns `undefined` where it could not be written, or was to be claimed and is too large
   */
  putSync(content: SpoolContent, how: { claim: boolean; fsync: boolean }): SpoolClaim | undefined {
    const { name, bytes } = this.#format.encode(content);
    const claim = this.#claimOf(name);
    if (bytes.byteLength > this.#maxFileBytes) {
      if (how.claim) return undefined;
      this.#lostFiles.tell(name, 'cache_overflow');
      return claim;
    }
    const fileName = how.claim ? this.#claims.fileName(name) : name.text;
    const isWritten = this.#efforts.runSync('written', () => {
      this.#folder.writeSync(writingName(name, this.#owner.text), fileName, bytes, how.fsync);
    });
    if (!isWritten) return undefined;
    if (how.claim) {
      this.#claims.add(name);
    } else {
      this.#inventory.put(name);
      this.#efforts.runSync('read', () => {
        if (this.#scan.isOlderThan(RESCAN_MS)) this.#scan.runSync();
        this.#room.makeSync();
      });
    }
    return claim;
  }

  /**
   * Claims the next one: the oldest of the most important. What cannot be read is set aside on the way.
   *
   * @returns `undefined` where nothing waits
   */
  async take(): Promise<{ claim: SpoolClaim; content: SpoolContent } | undefined> {
    const taken = await this.#efforts.run('read', () => this.#reader.next());
    return taken && { claim: this.#claimOf(taken.name), content: taken.content };
  }

  /** Gives an envelope back; whoever reads next may take it. */
  async release(claim: SpoolClaim): Promise<void> {
    const name = this.#claims.get(claim.name);
    if (name === undefined) return;
    await this.#efforts.run('read', async () => {
      await this.#claims.giveBack(name);
      await this.#room.make();
    });
  }

  /** Removes an envelope that was delivered, or is lost for a reason of the caller's. */
  async remove(claim: SpoolClaim): Promise<void> {
    const name = this.#claims.get(claim.name);
    if (name !== undefined) await this.#efforts.run('read', () => this.#claims.remove(name));
  }

  /** Gives back what is claimed still and ends the lease; from now on everything is answered with "no". */
  async close(): Promise<void> {
    if (this.#efforts.isEnded) return;
    this.#cancelHeartbeat();
    await this.#efforts.end(async (isPrepared) => {
      await this.#claims.giveBackAll();
      if (isPrepared) await this.#lease.end();
    });
  }

  #claimOf({ text, writer }: SpoolName): SpoolClaim {
    return { name: text, isOwn: writer === this.#owner.writer };
  }

  #beat(): void {
    if (this.#efforts.isEnded) return;
    this.#cancelHeartbeat = this.#options.setTimer(() => {
      const beat = this.#efforts.run('read', async () => {
        await this.#lease.touch();
        if (this.#scan.isOlderThan(IDLE_SCAN_MS)) await this.#scan.run();
      });
      void beat.then(() => this.#beat());
    }, HEARTBEAT_MS);
  }
}
