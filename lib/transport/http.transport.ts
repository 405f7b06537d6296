import { AsyncResource } from 'node:async_hooks';
import { Backoff } from '../protocol/backoff';
import { Discards } from '../protocol/discards';
import type { Envelope } from '../protocol/envelope';
import { RateLimits } from '../protocol/rate-limits';
import { Admission } from './admission';
import { authHeader } from './auth-header';
import type { Delivery } from './delivery';
import { DeliveryLog } from './delivery-log';
import { HttpSender } from './http-sender';
import type { HttpTransportOptions } from './http-transport.options';
import { recordDiscards } from './record-discards';
import { KeepUntilTaken, type RetryPolicy, type Verdict } from './retry-policy';
import { SendError } from './send-error';
import { SendQueue } from './send-queue';
import type { SendResult } from './send-result';
import { setTimer, type SetTimer } from './set-timer';
import type { Transport } from './transport';
import { guardLogger } from './transport-logger';

const DAY_MS = 86_400_000;

/**
 * Delivers envelopes to a Sentry-compatible server over HTTP, in the background.
 *
 * What the server cannot take for reasons of its own waits, in memory and within bounds, and is sent again with the
 * same event id; what it refuses, or does not want for a while, is dropped and counted in `discards`. The process
 * may end at any time unless somebody waits in `flush`, `close` or `deliver`. (A name that is being looked up is the
 * exception: Node cannot give that up.)
 */
export class HttpTransport implements Transport {
  /** What was lost and why. */
  readonly discards: Discards;
  readonly #admission: Admission;
  readonly #sender: HttpSender;
  readonly #queue: SendQueue;
  readonly #limits: RateLimits;
  readonly #backoff: Backoff;
  readonly #policy: RetryPolicy;
  readonly #log: DeliveryLog;
  readonly #now: () => number;
  readonly #wallClock: () => number;
  readonly #setTimer: SetTimer;
  readonly #maxConcurrency: number;
  readonly #maxAgeMs: number;
  readonly #timeoutMs: number;
  /** Delivery must not run in the context of the request that happened to report something. */
  readonly #scope = new AsyncResource('RavenHttpTransport');
  readonly #inFlight = new Set<Delivery>();
  readonly #waiters = new Set<() => void>();
  #isPumpDue = false;
  #isClosed = false;
  #closing?: Promise<boolean>;
  #cancelWake?: () => void;

  constructor(options: HttpTransportOptions) {
    const { dsn } = options;
    const protocol = options.protocol ?? 'envelope';
    this.#now = options.now ?? (() => performance.now());
    this.#wallClock = options.wallClock ?? Date.now;
    this.#setTimer = options.setTimer ?? setTimer;
    this.#maxConcurrency = Math.max(1, options.maxConcurrency ?? 8);
    this.#maxAgeMs = options.maxAgeMs ?? DAY_MS;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.discards = options.discards ?? new Discards();
    this.#limits = new RateLimits(this.#now, this.#wallClock);
    this.#admission = new Admission({
      protocol,
      limits: this.#limits,
      discards: this.discards,
      now: this.#now,
    });
    this.#backoff = new Backoff(this.#now);
    this.#policy = options.retryPolicy ?? new KeepUntilTaken(options.maxRejections ?? 10);
    this.#log = new DeliveryLog(guardLogger(options.logger), dsn.baseUrl, this.#now);
    this.#queue = new SendQueue({
      maxLength: options.maxQueueLength ?? 1000,
      maxBytes: options.maxQueueBytes ?? 32 * 1024 * 1024,
    });
    this.#sender = new HttpSender({
      url: protocol === 'store' ? dsn.storeUrl : dsn.envelopeUrl,
      protocol,
      auth: authHeader(dsn),
      secrets: [dsn.secretKey ?? '', dsn.publicKey],
      axios: options.axios,
      maxSockets: this.#maxConcurrency,
      timeoutMs: this.#timeoutMs,
      setTimer: this.#setTimer,
      wallClock: this.#wallClock,
    });
  }

  /** Takes an envelope for delivery and returns at once; it is serialized here, so later changes do not matter. */
  send(envelope: Envelope): void {
    if (this.#isClosed) {
      recordDiscards(this.discards, 'queue_overflow', envelope.items);
      return;
    }
    try {
      const delivery = this.#admission.accept(envelope);
      if (delivery !== undefined) this.#enqueue(delivery);
    } catch {
      // Not plain data after all; the app must not notice.
      this.discards.record('internal_sdk_error', 'default');
    }
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      this.#scope.runInAsyncScope(() => this.#pump());
    });
  }

  /**
   * Sends at once, past the queue and the back-off (raven-python's `raise_send_errors`); limits still hold.
   *
   * @throws SendError (rejects) where the server did not take it; it is lost then
   */
  async deliver(envelope: Envelope): Promise<void> {
    if (this.#isClosed) {
      recordDiscards(this.discards, 'queue_overflow', envelope.items);
      throw new SendError('the transport is closed');
    }
    const delivery = this.#admission.accept(envelope);
    if (delivery === undefined) {
      throw new SendError(
        'nothing of the envelope may be sent: the server limits it, or the protocol has no place for it',
      );
    }
    // Somebody waits for this one; the attempt itself is bounded by the same time.
    const release = this.#setTimer(() => undefined, this.#timeoutMs, true);
    const result = await this.#scope.runInAsyncScope(() => this.#sender.send(delivery));
    release();
    if ('networkError' in result) {
      recordDiscards(this.discards, 'network_error', delivery.items);
      throw new SendError(`could not be sent: ${result.networkError}`, undefined, result.networkError);
    }
    this.#log.limited(this.#limits.update(result));
    const { status, reason } = result;
    if (status >= 200 && status < 300) return;
    if (status !== 429) recordDiscards(this.discards, 'send_error', delivery.items);
    throw new SendError(`the server answered ${status}${reason ? `: ${reason}` : ''}`, status, reason);
  }

  /**
   * Waits until what was sent before this call is delivered, or dropped for a reason that is counted.
   *
   * The process is kept alive meanwhile. A back-off goes on, so against a dead server this takes the whole time.
   *
   * @returns whether nothing of it is left
   */
  flush(timeoutMs: number): Promise<boolean> {
    const last = this.#admission.latest;
    this.#scope.runInAsyncScope(() => this.#pump());
    if (this.#isDone(last)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        this.#waiters.delete(check);
        resolve(this.#isDone(last));
      };
      const check = (): void => {
        if (this.#isDone(last)) finish();
      };
      const cancel = this.#setTimer(finish, timeoutMs, true);
      this.#waiters.add(check);
    });
  }

  /** Flushes, then drops and counts what is left; nothing is sent afterwards. A second call waits for the first. */
  close(timeoutMs: number): Promise<boolean> {
    this.#closing ??= this.flush(timeoutMs).then((isDone) => {
      this.#isClosed = true;
      this.#cancelWake?.();
      const left = [...this.#inFlight, ...this.#queue.clear()];
      this.#inFlight.clear();
      for (const { items } of left) recordDiscards(this.discards, 'network_error', items);
      this.#log.closedWith(left.length);
      this.#sender.close();
      this.#scope.emitDestroy();
      return isDone && left.length === 0;
    });
    return this.#closing;
  }

  #enqueue(delivery: Delivery): void {
    const dropped = this.#queue.add(delivery);
    for (const { items } of dropped) recordDiscards(this.discards, 'queue_overflow', items);
    this.#log.overflowed(dropped.length);
  }

  /** Begins as many attempts as may be under way, and sees to being called again. */
  #pump(): void {
    while (!this.#isClosed && this.#backoff.shouldTry() && this.#inFlight.size < this.#concurrency()) {
      const delivery = this.#queue.take();
      if (delivery === undefined) break;
      if (this.#now() - delivery.createdMs > this.#maxAgeMs) {
        recordDiscards(this.discards, 'network_error', delivery.items);
        this.#log.lost('it waited too long');
        continue;
      }
      if (!this.#admission.review(delivery)) continue;
      this.#inFlight.add(delivery);
      this.#attempt(delivery).catch(() => this.#abandon(delivery));
    }
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (!this.#isClosed && this.#queue.length > 0 && !this.#backoff.shouldTry()) {
      this.#cancelWake = this.#setTimer(() => this.#pump(), this.#backoff.delayMs());
    }
    if (this.#queue.length === 0 && this.#inFlight.size === 0) this.#log.drained();
    for (const check of this.#waiters) check();
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const failuresBefore = this.#backoff.failures;
    const result = await this.#sender.send(delivery);
    // Closing took it out and counted it.
    if (!this.#inFlight.delete(delivery)) return;
    if ('status' in result) this.#log.limited(this.#limits.update(result));
    const verdict = this.#policy.judge(result, delivery, this.#wallClock());
    this.#noteHealth(result, verdict, failuresBefore);
    if (verdict.kind === 'pause' || verdict.kind === 'repeat') {
      delivery.attempts += 1;
      this.#enqueue(delivery);
    } else if (verdict.kind === 'discard') {
      if (verdict.reason !== undefined) recordDiscards(this.discards, verdict.reason, delivery.items);
      if ('status' in result) this.#log.refused(result);
      else this.#log.lost(result.networkError);
    }
    this.#pump();
  }

  /** A policy of the user's threw: its delivery is lost, the others go on. */
  #abandon(delivery: Delivery): void {
    recordDiscards(this.discards, 'internal_sdk_error', delivery.items);
    this.#pump();
  }

  /** Tells the back-off how the server does. */
  #noteHealth(result: SendResult, verdict: Verdict, failuresBefore: number): void {
    if (verdict.kind === 'pause' || ('networkError' in result && verdict.kind === 'discard')) {
      // Attempts that ran side by side fail side by side: that is one failure of the server.
      const retryAfterS = verdict.kind === 'pause' ? verdict.retryAfterS : undefined;
      if (this.#backoff.failures <= failuresBefore) this.#backoff.fail(retryAfterS);
      this.#log.paused(reasonOf(result), this.#backoff.delayMs());
    } else if ('status' in result) {
      this.#backoff.success();
      this.#log.reached();
    }
  }

  /** While the server fails, one attempt finds out whether it is back. */
  #concurrency(): number {
    return this.#backoff.failures > 0 ? 1 : this.#maxConcurrency;
  }

  #isDone(last: number): boolean {
    if (this.#queue.oldest <= last) return false;
    return [...this.#inFlight].every(({ sequence }) => sequence > last);
  }
}

function reasonOf(result: SendResult): string {
  if ('networkError' in result) return result.networkError;
  return `status ${result.status}${result.reason ? ` (${result.reason})` : ''}`;
}
