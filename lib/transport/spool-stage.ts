import { quantityOf, type Account } from './account';
import type { Delivery, DeliverySource } from './delivery';
import type { SetTimer } from './set-timer';
import type { SpoolOption } from './spool-option';
import { Spool, type SpoolLoss } from './spool/spool';
import type { TransportLogger } from './transport-logger';

/** What a {@link SpoolStage} is made of. */
export interface SpoolStageOptions extends SpoolOption {
  /** The DSN without its secret: what another one's client wrote is not read. */
  publicDsn: string;
  account: Account;
  /** What memory has room for. */
  maxHeldBytes: number;
  logger: TransportLogger;
  /** Monotonic clock in milliseconds. */
  now: () => number;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
  setTimer: SetTimer;
  /** Told when something may be written or read again. */
  changed: () => void;
}

const MAX_WRITES = 4;
const FSYNC_MS = 200;
/** A disk that cannot be written is left alone for so long. */
const AFTER_FAILURE_MS = 10_000;
/** An empty spool is looked at again after so long: other processes may have left something. */
const WHEN_EMPTY_MS = 30_000;

/** The disk's part in the pipeline: what is written and read back when, and how it is counted. */
export class SpoolStage {
  readonly #options: SpoolStageOptions;
  readonly #spool: Spool;
  readonly #isCrashSafe: boolean;
  readonly #pauseMs: number;
  /** On their way to the disk. */
  readonly #writing = new Set<Delivery>();
  #whenIdle: () => void = () => undefined;
  #writeFromMs = Number.NEGATIVE_INFINITY;
  #isReading = true;
  #readFromMs = Number.NEGATIVE_INFINITY;
  #ownQuantity = 0;
  readonly #toldLosses = new Set<SpoolLoss['reason']>();
  #isClosed = false;
  #cancelWake?: () => void;

  constructor(options: SpoolStageOptions) {
    this.#options = options;
    this.#isCrashSafe = options.durability === 'crash';
    this.#pauseMs = options.pauseMs ?? 100;
    const { directory, publicDsn, logger, now, wallClock, setTimer } = options;
    this.#spool = new Spool({
      directory,
      publicDsn,
      logger,
      now,
      wallClock,
      setTimer,
      maxBytes: options.maxBytes ?? 100 * 1024 * 1024,
      maxAgeMs: options.maxAgeMs ?? 7 * 86_400_000,
      // What memory has no room for could never be read back.
      maxFileBytes: options.maxHeldBytes,
      lost: ({ reason, quantity, isOwn }) => {
        if (isOwn) this.#count(-quantity);
        options.account.droppedEvent(reason, quantity, isOwn ? 'own' : 'recovered');
        this.#tellLoss(reason);
      },
      moved: (quantity) => (this.#ownQuantity += quantity),
    });
    void this.#spool.open().then(() => {
      this.#isReading = false;
      options.changed();
    });
  }

  /** How many things that this process captured are in the spool, and were not taken by another. */
  get ownQuantity(): number {
    return this.#ownQuantity;
  }

  /** Whether one more may be written now. */
  get mayWrite(): boolean {
    return !this.#isClosed && this.#writing.size < MAX_WRITES && this.#options.now() >= this.#writeFromMs;
  }

  /** Whether it makes sense to read now. */
  get mayRead(): boolean {
    return !this.#isClosed && !this.#isReading && this.#options.now() >= this.#readFromMs;
  }

  /** With durability `crash` an envelope is written before anything else is done with it. */
  keep(delivery: Delivery): Delivery {
    if (!this.#isCrashSafe || this.#options.now() < this.#writeFromMs) return delivery;
    const claim = this.#spool.putSync(delivery, { claim: true, fsync: false });
    if (claim) return { ...delivery, claim };
    this.#writeFromMs = this.#options.now() + AFTER_FAILURE_MS;
    return delivery;
  }

  /** Writes one that has to wait. @returns false where it could not be written; it is the caller's then */
  async put(delivery: Delivery): Promise<boolean> {
    if (this.giveBack(delivery)) return true;
    this.#writing.add(delivery);
    const isWritten = await this.#spool.put(delivery);
    // The end came first, and wrote it once more.
    if (!this.#writing.delete(delivery)) return true;
    if (this.#writing.size === 0) this.#whenIdle();
    if (isWritten) this.#count(delivery.quantity);
    else this.#writeFromMs = this.#options.now() + AFTER_FAILURE_MS;
    return isWritten;
  }

  /** Waits for what is on its way to the disk; the process stays alive meanwhile. */
  async idle(timeoutMs: number): Promise<void> {
    if (this.#writing.size === 0 || !(timeoutMs > 0)) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.setTimer(resolve, timeoutMs, true);
      this.#whenIdle = () => {
        cancel();
        resolve();
      };
    });
  }

  /**
   * Writes what is left when all ends. That blocks, as nothing may come in between any more: the disk itself is
   * waited for only as long as that takes a moment (`FSYNC_MS`), and what the system has is safe but from a power
   * failure.
   *
   * @returns what could not be written
   */
  putAll(deliveries: readonly Delivery[]): Delivery[] {
    const fsyncUntilMs = this.#options.now() + FSYNC_MS;
    return deliveries.filter((delivery) => !this.#putSync(delivery, this.#options.now() < fsyncUntilMs));
  }

  /** Lets go of one that has a file: whoever reads next may have it. @returns false where it has none */
  giveBack(delivery: Delivery): boolean {
    if (!delivery.claim) return false;
    // Who looks before the disk is done finds nothing, and would look again much later.
    void this.#spool.release(delivery.claim).then(() => this.#readSoon());
    if (delivery.origin === 'own') this.#count(delivery.quantity);
    return true;
  }

  /** One that is delivered or dropped needs no file any more. */
  forget({ claim }: Delivery): void {
    if (claim) void this.#spool.remove(claim);
  }

  /** Reads the next one back; a moment has to pass between two, so that a server that is back is not flooded. */
  async take(): Promise<Omit<DeliverySource, 'sequence' | 'receivedMs'> | undefined> {
    this.#isReading = true;
    const taken = await this.#spool.take();
    this.#isReading = false;
    this.#readIn(taken ? this.#pauseMs : WHEN_EMPTY_MS);
    if (!taken) {
      this.#toldLosses.clear();
      return undefined;
    }
    const { claim, content } = taken;
    const items = [...content.items];
    if (!claim.isOwn) return { ...content, items, claim, origin: 'recovered' };
    this.#count(-quantityOf(items));
    return { ...content, items, claim, origin: 'own' };
  }

  /** Ends; what was not delivered stays for whoever reads next. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelWake?.();
    await new Promise<void>((resolve) => {
      const cancel = this.#options.setTimer(resolve, timeoutMs, true);
      void this.#spool.close().then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Once per reason, until the spool was empty. */
  #tellLoss(reason: SpoolLoss['reason']): void {
    if (this.#toldLosses.has(reason)) return;
    this.#toldLosses.add(reason);
    if (reason === 'cache_overflow') {
      this.#options.logger.warn(
        'the spool is full; the oldest of the least important are dropped from now on',
      );
    } else if (reason === 'network_error') {
      this.#options.logger.warn('the spool has events that are too old; they are dropped');
    }
  }

  #putSync(delivery: Delivery, fsync: boolean): boolean {
    if (this.giveBack(delivery)) return true;
    // What is on its way still counts here and nowhere else, whatever comes of it.
    this.#writing.delete(delivery);
    if (!this.#spool.putSync(delivery, { claim: false, fsync })) return false;
    this.#count(delivery.quantity);
    return true;
  }

  #count(quantity: number): void {
    this.#ownQuantity += quantity;
    this.#options.account.spooled(quantity);
    if (quantity > 0) this.#readSoon();
  }

  /** There is something to read. */
  #readSoon(): void {
    if (this.#readFromMs > this.#options.now() + this.#pauseMs) this.#readIn(this.#pauseMs);
  }

  #readIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#readFromMs = this.#options.now() + delayMs;
    this.#cancelWake?.();
    this.#cancelWake = this.#options.setTimer(() => {
      // Timers may come a little early.
      this.#readFromMs = Number.NEGATIVE_INFINITY;
      this.#options.changed();
    }, delayMs);
  }
}
