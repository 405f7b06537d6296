import { setImmediate } from 'node:timers/promises';
import { joinEnvelope } from '../../protocol/envelope';
import { parseEnvelope } from '../../protocol/parse-envelope';
import { quantityOf } from '../account';
import { safeText } from '../safe-text';
import { errorCode } from './error-code';
import { Lease } from './lease';
import { readCarefully, type Refusal } from './read-carefully';
import { SetAside } from './set-aside';
import { SpoolFolder } from './spool-folder';
import { claimedName, leaseName, readEntry, spoolName, writingName, type SpoolName } from './spool-name';
import type { SpoolClaim, SpoolContent, SpoolLoss, SpoolOptions } from './spool.options';
import { SpoolOwner } from './spool-owner';
import { WaitingList } from './waiting-list';

export type { SpoolClaim, SpoolContent, SpoolLoss, SpoolOptions } from './spool.options';

const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
/** A third of a lease may be missed twice. */
const HEARTBEAT_MS = 15_000;
/** What other processes did is seen after so long at the latest. */
const RESCAN_MS = 5000;
/** Before anything is thrown out, the folder is looked at again if that was longer ago. */
const RECENT_MS = 1000;
/** So many names that others have taken are remembered. */
const MAX_TAKEN = 10_000;
const SWEEP_PAUSE_MS = 10_000;
/** Of names that are read before something else gets its turn. */
const NAMES_AT_ONCE = 1000;
const IDLE_SCAN_MS = 60_000;
/** Files that cannot be claimed before it is taken for trouble with the folder. */
const MAX_FAILURES = 10;

/** What is tried: trouble of one kind is told once, until one of its kind goes well. */
type Effort = 'written' | 'read';

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
  readonly #lease: Lease;
  readonly #setAside: SetAside;
  readonly #claims = new Map<string, SpoolName>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #toldEfforts = new Set<Effort>();
  readonly #toldRefusals = new Set<string>();
  readonly #waiting = new WaitingList();
  /** Set while the folder is being listed: what is added meanwhile may not be in the list. */
  #addedMeanwhile: SpoolName[] | undefined;
  /** Of our own; they may give them back. */
  readonly #takenByOthers = new Set<string>();
  #scanning: Promise<void> | undefined;
  #scannedMs = Number.NEGATIVE_INFINITY;
  #sweptMs = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  #isPrepared = false;
  #isClosed = false;
  #cancelHeartbeat = (): void => undefined;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#maxFileBytes = Math.min(options.maxBytes, options.maxFileBytes ?? LARGEST_FILE_BYTES);
    this.#owner = new SpoolOwner(options.process);
    this.#folder = new SpoolFolder(options.directory, options.publicDsn);
    this.#lease = new Lease(this.#folder, this.#owner);
    this.#setAside = new SetAside(this.#folder, options.maxBytes);
  }

  /** Makes the folder, takes back what dead processes left, and keeps its lease from now on. Never rejects. */
  async open(): Promise<void> {
    await this.#attempt('read', async () => {
      await this.#sweep();
      await this.#scan();
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
    const { name, bytes } = this.#encode(content);
    if (bytes.byteLength > this.#maxFileBytes) {
      this.#lost(name, 'cache_overflow');
      return true;
    }
    const isWritten = await this.#attempt('written', async () => {
      await this.#folder.write(writingName(name, this.#owner.text), name.text, bytes);
      return true;
    });
    if (!isWritten) return false;
    this.#addWaiting(name);
    await this.#attempt('read', async () => {
      if (this.#isScanOlderThan(RESCAN_MS)) await this.#scan();
      await this.#makeRoom();
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
    const { name, bytes } = this.#encode(content);
    const claim = this.#claimOf(name);
    if (bytes.byteLength > this.#maxFileBytes) {
      if (how.claim) return undefined;
      this.#lost(name, 'cache_overflow');
      return claim;
    }
    const fileName = how.claim ? claimedName(name, this.#owner.text) : name.text;
    const isWritten = this.#attemptSync('written', () => {
      this.#folder.writeSync(writingName(name, this.#owner.text), fileName, bytes, how.fsync);
    });
    if (!isWritten) return undefined;
    if (how.claim) {
      this.#claims.set(name.text, name);
    } else {
      this.#addWaiting(name);
      this.#attemptSync('read', () => this.#makeRoomSync());
    }
    return claim;
  }

  /**
   * Claims the next one: the oldest of the most important. What cannot be read is set aside on the way.
   *
   * @returns `undefined` where nothing waits
   */
  take(): Promise<{ claim: SpoolClaim; content: SpoolContent } | undefined> {
    return this.#attempt('read', () => this.#takeNext());
  }

  /** Gives an envelope back; whoever reads next may take it. */
  async release(claim: SpoolClaim): Promise<void> {
    const name = this.#claims.get(claim.name);
    if (name === undefined) return;
    await this.#attempt('read', async () => {
      await this.#giveBack(name);
      await this.#makeRoom();
    });
  }

  /** Removes an envelope that was delivered, or is lost for a reason of the caller's. */
  async remove(claim: SpoolClaim): Promise<void> {
    const name = this.#claims.get(claim.name);
    if (name === undefined) return;
    await this.#attempt('read', async () => {
      await this.#folder.remove(claimedName(name, this.#owner.text));
      this.#claims.delete(name.text);
    });
  }

  /** Gives back what is claimed still and ends the lease; from now on everything is answered with "no". */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelHeartbeat();
    await Promise.all(this.#underWay);
    try {
      for (const name of this.#claims.values()) await this.#giveBack(name);
      if (this.#isPrepared) await this.#lease.end();
    } catch (error) {
      this.#failed('written', error);
    }
  }

  async #takeNext(): Promise<{ claim: SpoolClaim; content: SpoolContent } | undefined> {
    const failures: unknown[] = [];
    let isFresh = false;
    if (this.#waiting.length > 0 && this.#isScanOlderThan(RESCAN_MS)) await this.#scan();
    while (!this.#isClosed && failures.length < MAX_FAILURES) {
      const name = this.#waiting.takeNext();
      if (name === undefined) {
        if (isFresh) break;
        if (this.#options.now() - this.#sweptMs >= SWEEP_PAUSE_MS) await this.#sweep();
        await this.#scan();
        isFresh = true;
      } else if (name.createdMs < this.#oldestMs()) {
        await this.#discard(name, 'network_error');
      } else if (await this.#claim(name, failures)) {
        const content = await this.#read(name);
        // On closing it is given back with the others.
        if (content !== undefined && !this.#isClosed) return { claim: this.#claimOf(name), content };
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  /** One that cannot be claimed must not stand in the way of the others. */
  async #claim(name: SpoolName, failures: unknown[]): Promise<boolean> {
    try {
      if (!(await this.#folder.rename(name.text, claimedName(name, this.#owner.text)))) {
        this.#noteTaken(name);
        return false;
      }
      this.#claims.set(name.text, name);
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  }

  /** @returns `undefined` for what was set aside, or is gone */
  async #read(name: SpoolName): Promise<SpoolContent | undefined> {
    const fileName = claimedName(name, this.#owner.text);
    try {
      const read = await readCarefully(this.#folder.file(fileName), name.bytes, this.#maxFileBytes);
      if (typeof read === 'string') return await this.#refuse(name, read);
      const envelope = parseEnvelope(read);
      if (envelope === undefined || envelope.items.length === 0) return await this.#refuse(name, 'torn');
      if (envelope.headers.dsn !== this.#options.publicDsn) return await this.#refuse(name, 'foreign');
      return { ...envelope, rank: name.rank, createdMs: name.createdMs };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        await this.#giveBack(name);
        throw error;
      }
      this.#claims.delete(name.text);
      return undefined;
    }
  }

  async #refuse(name: SpoolName, why: Refusal | 'foreign'): Promise<undefined> {
    await this.#putAside(name, claimedName(name, this.#owner.text), why);
    this.#claims.delete(name.text);
  }

  async #putAside(name: SpoolName, fileName: string, why: Refusal | 'foreign'): Promise<void> {
    await this.#setAside.take(fileName, name.text);
    this.#lost(name, 'internal_sdk_error');
    if (this.#toldRefusals.has(why)) return;
    this.#toldRefusals.add(why);
    this.#options.logger.warn(
      `a file of the spool is set aside in "${this.#folder.setAsidePath}", as will be others like it: ${name.text} is ${why}`,
    );
  }

  async #giveBack(name: SpoolName): Promise<void> {
    if (await this.#folder.rename(claimedName(name, this.#owner.text), name.text)) this.#addWaiting(name);
    this.#claims.delete(name.text);
  }

  /** Finds out what waits; several at once share one look. */
  #scan(): Promise<void> {
    this.#scanning ??= this.#list().finally(() => (this.#scanning = undefined));
    return this.#scanning;
  }

  async #list(): Promise<void> {
    this.#addedMeanwhile = [];
    try {
      let count = 0;
      for (const name of this.#news(await this.#folder.list())) {
        // The length stands in the name, and would have everything else thrown out to make room.
        if (name.bytes > this.#maxFileBytes) await this.#putAside(name, name.text, 'oversized');
        else this.#addListed(name);
        count += 1;
        if (count % NAMES_AT_ONCE === 0) await setImmediate();
      }
    } finally {
      this.#addedMeanwhile = undefined;
    }
    for (const name of this.#waiting.takeOlderThan(this.#oldestMs())) {
      await this.#discard(name, 'network_error');
    }
  }

  /** Forgets what waits no more. @returns what was not known to wait, in order of age */
  *#news(fileNames: readonly string[]): Generator<SpoolName> {
    this.#scannedMs = this.#options.now();
    const added = this.#addedMeanwhile?.map(({ text }) => text) ?? [];
    const gone = this.#waiting.keep(new Set([...fileNames, ...added]));
    for (const name of gone) this.#noteTaken(name);
    for (const fileName of fileNames.filter((each) => !this.#waiting.has(each)).sort()) {
      const entry = readEntry(fileName);
      if (entry?.kind === 'waiting' && !this.#claims.has(fileName)) yield entry.name;
    }
  }

  /** Takes back what dead owners left. */
  async #sweep(): Promise<void> {
    this.#sweptMs = this.#options.now();
    const nowMs = await this.#lease.touch();
    const isDead = new Map<string, boolean>();
    // There may be very many that wait: they are not even read.
    const fileNames = (await this.#folder.list()).filter((fileName) => !fileName.endsWith('.envelope'));
    for (const entry of fileNames.map(readEntry)) {
      if (entry === undefined || entry.kind === 'waiting') continue;
      const { owner } = entry;
      if (!isDead.has(owner)) isDead.set(owner, await this.#lease.isOver(owner, nowMs));
      if (!isDead.get(owner)) continue;
      if (entry.kind === 'claimed')
        await this.#folder.rename(claimedName(entry.name, owner), entry.name.text);
      else if (entry.kind === 'writing') await this.#takeOver(entry.name, owner);
    }
    for (const [owner, isOver] of isDead) if (isOver) await this.#folder.remove(leaseName(owner));
    await this.#setAside.removeOlderThan(this.#oldestMs());
  }

  /** A file that was not given its name in time may be complete all the same. */
  async #takeOver(name: SpoolName, owner: string): Promise<void> {
    const fileName = writingName(name, owner);
    if ((await this.#folder.sizeOf(fileName)) === name.bytes) await this.#folder.rename(fileName, name.text);
    else if (await this.#folder.remove(fileName)) this.#lost(name, 'internal_sdk_error');
  }

  async #makeRoom(): Promise<void> {
    if (this.#waiting.bytes <= this.#options.maxBytes) return;
    if (this.#isScanOlderThan(RECENT_MS)) await this.#scan();
    while (this.#waiting.bytes > this.#options.maxBytes) {
      const least = this.#waiting.takeLeast();
      if (least !== undefined) await this.#discard(least, 'cache_overflow');
    }
  }

  #makeRoomSync(): void {
    if (this.#isScanOlderThan(RESCAN_MS)) {
      for (const name of this.#news(this.#folder.listSync())) {
        if (name.bytes <= this.#maxFileBytes) this.#addListed(name);
      }
    }
    while (this.#waiting.bytes > this.#options.maxBytes) {
      const least = this.#waiting.takeLeast();
      if (least !== undefined && this.#folder.removeSync(least.text)) this.#lost(least, 'cache_overflow');
    }
  }

  async #discard(name: SpoolName, reason: SpoolLoss['reason']): Promise<void> {
    if (await this.#folder.remove(name.text)) this.#lost(name, reason);
  }

  #lost(name: SpoolName, reason: SpoolLoss['reason']): void {
    this.#options.lost({ reason, quantity: name.quantity, isOwn: this.#isOwn(name) });
  }

  /** Another process has it. */
  #noteTaken(name: SpoolName): void {
    if (!this.#isOwn(name)) return;
    if (this.#takenByOthers.size < MAX_TAKEN) this.#takenByOthers.add(name.text);
    this.#options.moved?.(-name.quantity);
  }

  /** Of our own only what another process had taken and gave back is news. */
  #addListed(name: SpoolName): void {
    this.#waiting.add(name);
    if (this.#takenByOthers.delete(name.text)) this.#options.moved?.(name.quantity);
  }

  #addWaiting(name: SpoolName): void {
    this.#waiting.add(name);
    this.#addedMeanwhile?.push(name);
  }

  #claimOf(name: SpoolName): SpoolClaim {
    return { name: name.text, isOwn: this.#isOwn(name) };
  }

  #isOwn(name: SpoolName): boolean {
    return name.writer === this.#owner.writer;
  }

  #encode({ headers, items, rank, createdMs, sequence }: SpoolContent): { name: SpoolName; bytes: Buffer } {
    const bytes = joinEnvelope({ ...headers, dsn: this.#options.publicDsn }, items);
    this.#sequence += 1;
    const name = spoolName({
      createdMs,
      rank,
      // What is written twice, as the end came in between, is one file all the same.
      sequence: sequence ?? this.#sequence,
      writer: this.#owner.writer,
      eventId: headers.event_id,
      bytes: bytes.byteLength,
      quantity: quantityOf(items),
    });
    return { name, bytes };
  }

  #oldestMs(): number {
    return this.#options.wallClock() - this.#options.maxAgeMs;
  }

  #isScanOlderThan(ms: number): boolean {
    return this.#options.now() - this.#scannedMs > ms;
  }

  #beat(): void {
    if (this.#isClosed) return;
    this.#cancelHeartbeat = this.#options.setTimer(() => {
      const beat = this.#attempt('read', async () => {
        await this.#lease.touch();
        if (this.#isScanOlderThan(IDLE_SCAN_MS)) await this.#scan();
      });
      void beat.then(() => this.#beat());
    }, HEARTBEAT_MS);
  }

  /** Does something that `close` waits for. @returns `undefined` where it failed or comes too late */
  #attempt<T>(effort: Effort, work: () => Promise<T>): Promise<T | undefined> {
    const attempt = this.#tryTwice(effort, work);
    this.#underWay.add(attempt);
    void attempt.then(() => this.#underWay.delete(attempt));
    return attempt;
  }

  async #tryTwice<T>(effort: Effort, work: () => Promise<T>): Promise<T | undefined> {
    for (let isLast = false; !this.#isClosed; isLast = true) {
      try {
        this.#prepare();
        const result = await work();
        this.#wentWell(effort);
        return result;
      } catch (error) {
        if (this.#isHopeless(effort, error, isLast)) return undefined;
      }
    }
    return undefined;
  }

  #attemptSync(effort: Effort, work: () => void): boolean {
    for (let isLast = false; !this.#isClosed; isLast = true) {
      try {
        this.#prepare();
        work();
        this.#wentWell(effort);
        return true;
      } catch (error) {
        if (this.#isHopeless(effort, error, isLast)) return false;
      }
    }
    return false;
  }

  #prepare(): void {
    if (this.#isPrepared) return;
    this.#folder.prepare();
    this.#lease.touchSync();
    this.#isPrepared = true;
  }

  /** Somebody may have removed the folder, which is then made once more. */
  #isHopeless(effort: Effort, error: unknown, isLast: boolean): boolean {
    this.#isPrepared = false;
    if (!isLast && errorCode(error) === 'ENOENT') return false;
    this.#failed(effort, error);
    return true;
  }

  #failed(effort: Effort, error: unknown): void {
    if (this.#toldEfforts.has(effort)) return;
    this.#toldEfforts.add(effort);
    const reason = safeText(error instanceof Error ? error.message : String(error), []);
    this.#options.logger.error(`the spool "${this.#options.directory}" cannot be ${effort}: ${reason}`);
  }

  #wentWell(effort: Effort): void {
    if (!this.#toldEfforts.delete(effort)) return;
    this.#options.logger.warn(`the spool "${this.#options.directory}" can be ${effort} again`);
  }
}
