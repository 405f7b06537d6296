import type { Envelope } from '../protocol/envelope';
import { Account } from './account';
import { Admission } from './admission';
import { Attempts } from './attempts';
import { Circuit } from './circuit';
import { ClientReports } from './client-reports';
import { Conclusions } from './conclusions';
import { createDelivery, sizeOf, type Delivery } from './delivery';
import { DeliveryLog } from './delivery-log';
import { GuardedSender } from './guarded-sender';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_TIMEOUT_MS,
  type QueuedTransportOptions,
} from './queued-transport.options';
import { MEMORY_SHARES } from './memory-shares';
import { Pump } from './pump';
import { KeepUntilTaken } from './retry-policy';
import { SendError } from './send-error';
import { SendQueue } from './send-queue';
import type { Sender } from './sender';
import { setTimer, type SetTimer } from './set-timer';
import { SpoolStage } from './spool-stage';
import { StateListeners } from './state-listeners';
import type { Transport } from './transport';
import { guardLogger } from './transport-logger';
import { Waiters } from './waiters';
import { withoutAttachments } from './without-attachments';
import type { StateListener, TransportState } from './transport-state';

const DAY_MS = 86_400_000;
/** Where more than this share of the memory is used, what must wait goes to the spool. */
const SPOOL_FROM = 0.5;
/** To begin an attempt takes a tenth of a millisecond; more than so many in a row would hold up the app. */
const BEGUN_AT_ONCE = 8;
/** A disk that hangs does not hold up the end for longer, whatever the time that is left. */
const SPOOL_CLOSE_MS = 500;

/** What is in memory, and how delivery does. */
export interface TransportStatus {
  state: TransportState;
  /** Things that are held: waiting, on their way, or being written. */
  pending: number;
  /** Envelopes that wait. */
  queueLength: number;
  /** Bytes of all that is held, serialized. */
  queueBytes: number;
}

/**
 * Delivers envelopes in the background: the way from `send` to a {@link Sender}, whatever that sends to.
 *
 * Admission (rate limits) → queue → sender → retry policy. What cannot be taken for now waits, in memory and within
 * bounds or in the spool, and is sent again with the same event id; what is refused, or not wanted for a while, is
 * dropped and counted in `account`. The process may end at any time unless somebody waits in `flush`, `close` or
 * `deliver`. (A name that is being looked up is the exception: Node cannot give that up.)
 */
export class QueuedTransport implements Transport {
  /** Where everything went. */
  readonly account: Account;
  readonly #admission: Admission;
  readonly #circuit: Circuit;
  readonly #attempts: Attempts;
  readonly #queue: SendQueue;
  readonly #conclusions: Conclusions;
  readonly #log: DeliveryLog;
  readonly #spool?: SpoolStage;
  readonly #now: () => number;
  readonly #setTimer: SetTimer;
  readonly #maxAgeMs: number;
  readonly #timeoutMs: number;
  readonly #reports?: ClientReports;
  readonly #pump: Pump;
  readonly #waiters: Waiters;
  readonly #listeners = new StateListeners();
  #isClosed = false;
  #closing?: Promise<boolean>;

  constructor(sender: Sender, options: QueuedTransportOptions) {
    const protocol = options.protocol ?? 'envelope';
    this.#now = options.now ?? (() => performance.now());
    const wallClock = options.wallClock ?? Date.now;
    this.#pump = new Pump(() => this.#beginWhatMay(), options.setTimer ?? setTimer);
    this.#setTimer = this.#pump.setTimer;
    this.#maxAgeMs = options.maxAgeMs ?? DAY_MS;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#waiters = new Waiters(this.#setTimer);
    this.account = options.account ?? new Account(wallClock);
    const logger = guardLogger(options.logger);
    this.#log = new DeliveryLog(logger, options.server, this.#now);
    const clocks = { now: this.#now, wallClock, setTimer: this.#setTimer };
    this.#circuit = new Circuit({
      ...clocks,
      random: options.random ?? Math.random,
      changed: (state, before) => this.#tellState(state, before),
    });
    this.#conclusions = new Conclusions({
      ...clocks,
      policy: options.retryPolicy ?? new KeepUntilTaken(options.maxRejections ?? 10),
      account: this.account,
      circuit: this.#circuit,
      log: this.#log,
    });
    this.#admission = new Admission({
      ...clocks,
      protocol,
      circuit: this.#circuit,
      account: this.account,
    });
    const maxBytes = options.maxQueueBytes ?? 32 * 1024 * 1024;
    this.#queue = new SendQueue({
      maxLength: options.maxQueueLength ?? 10_000,
      maxBytes: maxBytes * MEMORY_SHARES.held,
    });
    this.#attempts = new Attempts({
      sender: new GuardedSender(sender),
      circuit: this.#circuit,
      log: this.#log,
      maxConcurrency: Math.max(1, options.maxConcurrency ?? DEFAULT_CONCURRENCY),
      maxCopiedBytes: maxBytes * MEMORY_SHARES.copies,
    });
    if (options.spool) {
      this.#spool = new SpoolStage({
        ...clocks,
        ...options.spool,
        logger,
        account: this.account,
        maxHeldBytes: maxBytes * MEMORY_SHARES.held,
        changed: () => this.#pump.soon(),
      });
    }
    if (options.sendClientReports !== false && protocol === 'envelope') {
      this.#reports = new ClientReports({
        ...clocks,
        discards: this.account.discards,
        circuit: this.#circuit,
        send: (item) => this.#attempts.ask({ headers: {}, items: [item] }),
        everyMs: options.reportEveryMs ?? 60_000,
      });
    }
    // What an earlier process left behind is read once the app has started.
    if (this.#spool) this.#pump.soon();
  }

  /** How delivery does, and what is in memory. */
  get status(): TransportStatus {
    return {
      state: this.#circuit.state,
      pending: this.#queue.quantity,
      queueLength: this.#queue.length,
      queueBytes: this.#queue.bytes,
    };
  }

  /** Whether the server takes no errors for now: they would be dropped. */
  get isLimited(): boolean {
    return this.#circuit.isLimited('error');
  }

  /** Tells of each change of the state. @returns ends that */
  watchState(listener: StateListener): () => void {
    return this.#listeners.add(listener);
  }

  /** Takes an envelope for delivery and returns at once; it is serialized here, so later changes do not matter. */
  send(envelope: Envelope): void {
    if (this.#isClosed) {
      this.account.dropped('queue_overflow', envelope.items);
      return;
    }
    try {
      const accepted = this.#admission.accept(envelope);
      if (accepted !== undefined) {
        this.#makeFit(accepted);
        this.#enqueue(this.#spool?.keep(accepted) ?? accepted);
      }
    } catch {
      // Not plain data after all; the app must not notice.
      this.account.droppedEvent('internal_sdk_error');
    }
    this.#pump.soon();
  }

  /**
   * Sends at once, past the queue and the back-off (raven-python's `raise_send_errors`); limits still hold.
   *
   * @throws SendError (rejects) where the server did not take it; it is lost then
   */
  async deliver(envelope: Envelope): Promise<void> {
    if (this.#isClosed) {
      this.account.dropped('queue_overflow', envelope.items);
      throw new SendError('the transport is closed');
    }
    const delivery = this.#admission.accept(envelope);
    if (delivery === undefined) {
      throw new SendError(
        'nothing of the envelope may be sent: the server limits it, or the protocol has no place for it',
      );
    }
    if (!this.#queue.hold(delivery)) {
      this.account.dropped('queue_overflow', delivery.items);
      throw new SendError('the queue is full');
    }
    // Somebody waits for this one: the process must outlast the attempt, which ends in its time.
    const release = this.#setTimer(() => undefined, 2 * this.#timeoutMs, true);
    await this.#waiters.wait(() => this.#isClosed || this.#attempts.hasRoom, this.#timeoutMs);
    if (this.#isClosed) {
      // It is among what is left at the end.
      release();
      throw new SendError('the transport was closed');
    }
    const result = await this.#pump.run(() => this.#attempts.make(delivery, this.#reports));
    this.#pump.soon();
    release();
    if (!this.#queue.settle(delivery)) throw new SendError('the transport was closed');
    if ('networkError' in result) {
      this.account.dropped('network_error', delivery.items);
      throw new SendError(`could not be sent: ${result.networkError}`, undefined, result.networkError);
    }
    const { status, reason } = result;
    if (status >= 200 && status < 300) return this.account.sent(delivery.quantity);
    this.account.dropped(status === 429 ? 'rate_limited' : 'send_error', delivery.items);
    throw new SendError(`the server answered ${status}${reason ? `: ${reason}` : ''}`, status, reason);
  }

  /**
   * Waits until what was sent before this call is delivered, or dropped for a reason that is counted, or in the
   * spool.
   *
   * The process is kept alive meanwhile. One attempt is made at once, unless the server asked for a wait; then the
   * back-off goes on, so against a dead server and without a spool this takes the whole time.
   *
   * @returns whether nothing of it is left undelivered
   */
  flush(timeoutMs: number): Promise<boolean> {
    const last = this.#admission.latest;
    const isDone = (): boolean => this.#isClosed || !this.#queue.hasUntil(last);
    this.#circuit.hasten();
    this.#pump.run(() => this.#pump.now());
    return this.#waiters.wait(isDone, timeoutMs).then(() => isDone() && !this.#spool?.ownQuantity);
  }

  /** Tells the server what was lost so far, where there is anything to tell; for as long as that may take. */
  async reportNow(timeoutMs: number): Promise<void> {
    if (!this.account.discards.isEmpty) await this.#reports?.sendWithin(timeoutMs);
  }

  /**
   * Flushes; what is left goes to the spool, or is dropped and counted. Nothing is sent afterwards. A second call
   * waits for the first.
   */
  close(timeoutMs: number): Promise<boolean> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  /**
   * Ends at once, for the last moment of a process: what is held goes to the spool.
   *
   * @returns what neither was delivered nor is in the spool; it still counts as pending
   */
  endNow(): Delivery[] {
    this.#end();
    const left = this.#spoolAll();
    this.#attempts.close();
    return left;
  }

  async #close(timeoutMs: number): Promise<boolean> {
    const startedMs = this.#now();
    const leftMs = (): number => timeoutMs - (this.#now() - startedMs);
    if (timeoutMs > 0) {
      // Writing what is left takes time too.
      const isFlushed = await this.flush(this.#spool ? timeoutMs * 0.8 : timeoutMs);
      if (isFlushed) await this.reportNow(leftMs());
    }
    const isDone = this.#queue.isEmpty && !this.#spool?.ownQuantity;
    this.#end();
    if (leftMs() > 0) await this.#spool?.idle(leftMs() / 2);
    const lost = this.#spoolAll();
    this.#queue.clear();
    for (const { items, origin } of lost) this.account.dropped('network_error', items, origin);
    this.#log.lostAtEnd(lost.length);
    this.#attempts.close();
    await this.#spool?.close(Math.max(leftMs(), SPOOL_CLOSE_MS));
    this.#pump.destroy();
    return isDone;
  }

  /** @returns what is not in the spool */
  #spoolAll(): Delivery[] {
    const { held } = this.#queue;
    if (!this.#spool) return held;
    const left = this.#spool.putAll(held);
    const isLeft = new Set(left);
    for (const delivery of held) if (!isLeft.has(delivery)) this.#queue.settle(delivery);
    this.#log.spooledAtEnd(this.#spool.ownQuantity);
    return left;
  }

  /** From here on nothing begins. What is on its way and would be counted twice is given up. */
  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pump.end();
    this.#reports?.end();
    this.#circuit.end();
    const unsafe = this.#attempts.giveUp().filter((delivery) => !delivery.isRepeatable);
    for (const { items, origin } of unsafe) this.account.dropped('network_error', items, origin);
    for (const delivery of unsafe) this.#settle(delivery);
    this.#waiters.check();
  }

  /** Attachments must not drive out events, nor their own. */
  #makeFit(delivery: Delivery): void {
    const split = this.#queue.hasRoomFor(delivery.bytes) ? undefined : withoutAttachments(delivery.items);
    if (!split) return;
    this.account.dropped('queue_overflow', split.attachments);
    delivery.items = split.kept;
    delivery.bytes = sizeOf(split.kept);
  }

  #enqueue(delivery: Delivery): void {
    const dropped = this.#queue.add(delivery);
    for (const victim of dropped) {
      if (!this.#spool?.giveBack(victim)) this.account.dropped('queue_overflow', victim.items, victim.origin);
    }
    this.#log.overflowed(dropped.length);
  }

  /** Begins as much as may be under way. @returns when it wants to be called again, in milliseconds; 0: when something changes */
  #beginWhatMay(): number {
    // Asked before the steps are: what becomes allowed between two of them would else be neither begun nor waited for.
    const delayMs = this.#circuit.delayMs();
    const readDelayMs = Math.max(delayMs, this.#circuit.limitedMs());
    this.#sendWhatMayGo();
    this.#spoolWhatMustWait();
    this.#readBack();
    if (this.#queue.isEmpty) this.#log.drained();
    this.#waiters.check();
    if (this.#queue.length > 0) return delayMs;
    return this.#spool?.mayRead ? readDelayMs : 0;
  }

  #sendWhatMayGo(): void {
    for (let begun = 0; this.#attempts.mayBegin; begun += 1) {
      // The app's own work has its turn between them.
      if (begun === BEGUN_AT_ONCE) return this.#pump.soon();
      // One that the server refuses must not take every attempt from those on disk.
      if (this.#isReadingDue) return;
      const delivery = this.#queue.take();
      if (delivery === undefined) return;
      if (this.#isStillWanted(delivery)) this.#begin(delivery);
      else this.#settle(delivery);
    }
  }

  #spoolWhatMustWait(): void {
    const spool = this.#spool;
    while (spool?.mayWrite && (!this.#circuit.mayTry || this.#queue.isFuller(SPOOL_FROM))) {
      const delivery = this.#queue.takeLeastImportant();
      if (delivery === undefined) return;
      void spool.put(delivery).then((isWritten) => {
        if (isWritten) this.#queue.settle(delivery);
        else if (!this.#isClosed) this.#enqueue(delivery);
        this.#pump.now();
      });
    }
  }

  #readBack(): void {
    const spool = this.#spool;
    if (!spool || !this.#isReadingDue || !this.#attempts.mayBegin) return;
    void spool.take().then((taken) => {
      if (taken === undefined) return this.#pump.now();
      const received = { sequence: this.#admission.next(), receivedMs: this.#now() };
      const delivery = createDelivery({ ...taken, ...received });
      const mayGo = !this.#isClosed && !this.#circuit.isLimited('error');
      if (!mayGo || !this.#queue.hold(delivery)) spool.giveBack(delivery);
      else if (!this.#attempts.mayBegin) this.#enqueue(delivery);
      else if (this.#isStillWanted(delivery)) this.#begin(delivery);
      else this.#settle(delivery);
    });
  }

  /** A limit on errors keeps the spool waiting, but not what is in memory. */
  get #isReadingDue(): boolean {
    return !!this.#spool?.mayRead && !this.#queue.hasUnrefused && !this.#circuit.isLimited('error');
  }

  #begin(delivery: Delivery): void {
    const failuresBefore = this.#circuit.failures;
    void this.#attempts.make(delivery, this.#reports).then((result) => {
      // The end gave it up and counted it.
      if (this.#isClosed) return;
      if (this.#conclusions.draw(delivery, result, failuresBefore)) {
        this.#queue.resize(delivery, { ...delivery, bytes: sizeOf(delivery.items) });
        this.#enqueue(delivery);
      } else this.#settle(delivery);
      this.#pump.now();
    });
  }

  /** Delivered, or counted as dropped. */
  #settle(delivery: Delivery): void {
    this.#queue.settle(delivery);
    this.#spool?.forget(delivery);
  }

  /** Whether it is not too old, and a limit leaves anything of it. */
  #isStillWanted(delivery: Delivery): boolean {
    if (this.#now() - delivery.receivedMs > this.#maxAgeMs) {
      this.account.dropped('network_error', delivery.items, delivery.origin);
      this.#log.lost('it waited too long');
      return false;
    }
    const left = this.#admission.review(delivery);
    if (left !== delivery) this.#queue.resize(delivery, left);
    return delivery.items.length > 0;
  }

  #tellState(state: TransportState, before: TransportState): void {
    if (state === 'limited') this.#log.limitBegins(this.account.counts().dropped);
    else if (before === 'limited') this.#log.limitEnds(this.account.counts().dropped);
    this.#listeners.tell(state);
    this.#pump.soon();
  }
}
