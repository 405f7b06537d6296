import { publicDsn, type Dsn } from '../protocol/dsn';
import type { EncodedItem } from '../protocol/envelope';
import type { ParsedEnvelope } from '../protocol/parse-envelope';
import { RateLimits } from '../protocol/rate-limits';
import { Account, type DropReason } from '../transport/account';
import { Admission } from '../transport/admission';
import { ClientReports } from '../transport/client-reports';
import { createDelivery, type Delivery } from '../transport/delivery';
import { DeliveryLog } from '../transport/delivery-log';
import { axiosClient } from '../transport/http-clients';
import { HttpSender } from '../transport/http-sender';
import { targetOf } from '../transport/http-target';
import { KeepUntilTaken } from '../transport/retry-policy';
import { reasonOf, type SendResult } from '../transport/send-result';
import { setTimer } from '../transport/set-timer';
import type { ForwarderSettings } from './forwarder.options';
import type { Entry, SharedHealth } from './shared-health';
import { takeReports } from './take-reports';

/** What becomes of a job. */
export type Outcome =
  /** Delivered, or dropped as the server wishes. */
  | { kind: 'done' }
  /** Nothing may be sent for a while; the job goes back as it is. */
  | { kind: 'wait'; forMs: number }
  /** The server could not take this very envelope; it is tried again, but not for ever. */
  | { kind: 'rejected'; reason: string }
  /** Lost, but kept among the dead letters. */
  | { kind: 'dead'; reason: string };

/** One go at a job. */
interface Attempt {
  delivery: Delivery;
  /** What is not to be sent, to be counted once the job is concluded: else it comes again as a whole. */
  refused: [DropReason, EncodedItem[]][];
}

const DONE: Outcome = { kind: 'done' };
const REPORT_EVERY_MS = 60_000;
const now = (): number => performance.now();

/** One server's project, and how it does as all workers know it. */
export class ForwardTarget {
  readonly account = new Account();
  readonly publicDsn: string;
  readonly #settings: ForwarderSettings;
  readonly #health: SharedHealth;
  readonly #sender: HttpSender;
  readonly #policy: KeepUntilTaken;
  readonly #log: DeliveryLog;
  readonly #reports?: ClientReports;
  #isClosed = false;

  constructor(dsn: Dsn, settings: ForwarderSettings, health: SharedHealth) {
    this.publicDsn = publicDsn(dsn, dsn.scheme);
    this.#settings = settings;
    this.#health = health;
    this.#policy = new KeepUntilTaken(settings.maxRejections);
    this.#log = new DeliveryLog(settings.logger, dsn.baseUrl, now);
    const target = targetOf(dsn, settings.protocol);
    this.#sender = new HttpSender({
      target,
      client: axiosClient({ target, maxSockets: settings.concurrency }, settings.axios),
      timeoutMs: settings.timeoutMs,
      setTimer,
      wallClock: Date.now,
    });
    if (settings.sendClientReports && settings.protocol === 'envelope') {
      this.#reports = new ClientReports({
        discards: this.account.discards,
        // What all workers know is asked for before each sending.
        circuit: { isLimited: () => false, state: 'online' },
        send: (item) => this.#sendReport(item),
        everyMs: REPORT_EVERY_MS,
        setTimer,
        wallClock: Date.now,
      });
    }
  }

  /**
   * Makes one attempt, if any may be made.
   *
   * @param isFirst - whether no worker had the job before
   * @param isRetried - whether it was a dead letter, and so is counted as lost already
   * @param rejections - how often the server could not take this envelope
   */
  async forward(
    { headers, items }: ParsedEnvelope,
    {
      isFirst,
      isRetried,
      rejections,
      createdMs,
    }: { isFirst: boolean; isRetried: boolean; rejections: number; createdMs: number },
  ): Promise<Outcome> {
    const isReport = ({ type }: EncodedItem): boolean => type === 'client_report';
    // Counted at most once: a report must not be counted twice, and may be lost.
    if (isFirst && this.#reports) takeReports(items.filter(isReport), this.account.discards);
    const own = items.filter((item) => !isReport(item));
    const delivery = createDelivery({
      headers: { ...headers, dsn: this.publicDsn },
      items: own.filter(this.#hasPlace),
      sequence: 0,
      rank: 0,
      createdMs,
      receivedMs: 0,
    });
    delivery.rejections = rejections;
    const refused: Attempt['refused'] = [['send_error', own.filter((item) => !this.#hasPlace(item))]];
    const outcome = delivery.items.length === 0 ? DONE : await this.#deliver({ delivery, refused });
    const isConcluded = outcome.kind === 'done' || outcome.kind === 'dead';
    if (isConcluded && !isRetried) {
      for (const [reason, lost] of refused) this.account.dropped(reason, lost);
    }
    return outcome;
  }

  /** Counts what a job that is given up held. */
  lost(items: readonly EncodedItem[]): void {
    this.account.dropped('network_error', items);
  }

  /** Sends what is still to be reported. */
  async report(timeoutMs: number): Promise<void> {
    await this.#reports?.sendWithin(timeoutMs);
  }

  /** Breaks off what is under way; those jobs go back. */
  close(): void {
    this.#isClosed = true;
    this.#reports?.end();
    this.#sender.close();
  }

  async #deliver(attempt: Attempt): Promise<Outcome> {
    const { delivery, refused } = attempt;
    const categories = [...new Set(delivery.items.map(({ category }) => category))];
    const entry = await this.#health.enter(categories);
    if (entry.waitMs > 0) return { kind: 'wait', forMs: entry.waitMs };
    const admitted = this.#admitted(delivery, entry);
    refused.push(['ratelimit_backoff', delivery.items.filter((item) => !admitted.includes(item))]);
    delivery.items = admitted;
    if (delivery.items.length === 0) {
      await this.#health.release(entry);
      return DONE;
    }
    const { items, headers } = delivery;
    const rider = this.#reports?.rider();
    const result = await this.#sender.send({ headers, items: rider ? [...items, rider.item] : items });
    rider?.settle(result);
    // It was broken off here, which tells nothing of the server.
    if (this.#isClosed && 'networkError' in result) {
      await this.#health.release(entry);
      return { kind: 'wait', forMs: 0 };
    }
    return this.#conclude(attempt, result, entry);
  }

  async #conclude(attempt: Attempt, result: SendResult, entry: Entry): Promise<Outcome> {
    const { delivery, refused } = attempt;
    if ('status' in result) await this.#noteLimits(result);
    const { rejections } = delivery;
    const verdict = this.#policy.judge(result, delivery, Date.now());
    const reason = reasonOf(result);
    if (verdict.kind !== 'delivered') this.account.failed(reason);
    if (verdict.kind === 'repeat') {
      delivery.attempts += 1;
      this.account.retried(delivery.quantity);
      await this.#health.release(entry);
      return this.#deliver(attempt);
    }
    if (verdict.kind === 'pause' || 'networkError' in result) {
      const forMs = await this.#health.failed(
        entry,
        verdict.kind === 'pause' ? verdict.retryAfterS : undefined,
      );
      this.#log.paused(reason, forMs);
      if (verdict.kind === 'pause') {
        this.account.retried(delivery.quantity);
        return delivery.rejections > rejections ? { kind: 'rejected', reason } : { kind: 'wait', forMs };
      }
    } else {
      if (entry.failures > 0) await this.#health.reached();
      this.#log.reached();
    }
    if (verdict.kind === 'delivered') {
      this.account.sent(delivery.quantity);
      return DONE;
    }
    refused.push([verdict.reason, delivery.items]);
    // What a server limits it does not want, now or later.
    return verdict.reason === 'rate_limited' ? DONE : { kind: 'dead', reason };
  }

  async #noteLimits(result: SendResult & { status: number }): Promise<void> {
    const quotas = new RateLimits(now, Date.now).update(result);
    this.#log.limited(quotas);
    await this.#health.limit(quotas);
  }

  /** What limits leave, which all workers share. */
  #admitted(delivery: Delivery, { limited }: Entry): EncodedItem[] {
    const admission = new Admission({
      protocol: this.#settings.protocol,
      circuit: { isLimited: (category) => limited.has(category) },
      // What is refused counts only once the job is concluded.
      account: new Account(),
      now,
      wallClock: Date.now,
    });
    return admission.review(delivery).items;
  }

  /** A server that knows no envelopes takes events alone. */
  readonly #hasPlace = ({ type }: EncodedItem): boolean =>
    this.#settings.protocol === 'envelope' || type === 'event';

  async #sendReport(item: EncodedItem): Promise<SendResult> {
    try {
      const { waitMs, failures } = await this.#health.enter([]);
      if (waitMs === 0 && failures === 0) return await this.#sender.send({ headers: {}, items: [item] });
    } catch {
      // Redis is away.
    }
    return { networkError: 'nothing is sent for a while', isUnsent: true, isStaleSocket: false };
  }
}
