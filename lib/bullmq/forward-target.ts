import { publicDsn, type Dsn } from '../protocol/dsn';
import type { EncodedItem } from '../protocol/envelope';
import type { ParsedEnvelope } from '../protocol/parse-envelope';
import { RateLimits } from '../protocol/rate-limits';
import { Account } from '../transport/account';
import { Admission } from '../transport/admission';
import { authHeader } from '../transport/auth-header';
import { ClientReports } from '../transport/client-reports';
import { createDelivery, type Delivery } from '../transport/delivery';
import { DeliveryLog } from '../transport/delivery-log';
import { HttpSender } from '../transport/http-sender';
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
    this.#sender = new HttpSender({
      url: settings.protocol === 'store' ? dsn.storeUrl : dsn.envelopeUrl,
      protocol: settings.protocol,
      auth: authHeader(dsn),
      secrets: [dsn.secretKey ?? '', dsn.publicKey],
      axios: settings.axios,
      maxSockets: settings.concurrency,
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
   * @param rejections - how often the server could not take this envelope
   */
  async forward(
    { headers, items }: ParsedEnvelope,
    { isFirst, rejections, createdMs }: { isFirst: boolean; rejections: number; createdMs: number },
  ): Promise<Outcome> {
    const isReport = ({ type }: EncodedItem): boolean => type === 'client_report';
    // Counted at most once: a report must not be counted twice, and may be lost.
    if (isFirst && this.#reports) takeReports(items.filter(isReport), this.account.discards);
    const delivery = createDelivery({
      headers: { ...headers, dsn: this.publicDsn },
      items: this.#withPlace(items.filter((item) => !isReport(item))),
      sequence: 0,
      rank: 0,
      createdMs,
      receivedMs: 0,
    });
    delivery.rejections = rejections;
    return delivery.items.length === 0 ? DONE : this.#deliver(delivery);
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

  async #deliver(delivery: Delivery): Promise<Outcome> {
    const categories = [...new Set(delivery.items.map(({ category }) => category))];
    const entry = await this.#health.enter(categories);
    if (entry.waitMs > 0) return { kind: 'wait', forMs: entry.waitMs };
    delivery.items = this.#admitted(delivery, entry);
    if (delivery.items.length === 0) return DONE;
    const { items, headers } = delivery;
    const rider = this.#reports?.rider();
    const result = await this.#sender.send({ headers, items: rider ? [...items, rider.item] : items });
    rider?.settle(result);
    // It was broken off here, which tells nothing of the server.
    if (this.#isClosed && 'networkError' in result) return { kind: 'wait', forMs: 0 };
    return this.#conclude(delivery, result, entry);
  }

  async #conclude(delivery: Delivery, result: SendResult, entry: Entry): Promise<Outcome> {
    if ('status' in result) await this.#noteLimits(result);
    const { rejections } = delivery;
    const verdict = this.#policy.judge(result, delivery, Date.now());
    const reason = reasonOf(result);
    if (verdict.kind !== 'delivered') this.account.failed(reason);
    if (verdict.kind === 'repeat') {
      delivery.attempts += 1;
      this.account.retried(delivery.quantity);
      return this.#deliver(delivery);
    }
    if (verdict.kind === 'pause' || 'networkError' in result) {
      const forMs = await this.#health.failed(
        entry.failures,
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
    this.account.dropped(verdict.reason, delivery.items);
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
      account: this.account,
      now,
      wallClock: Date.now,
    });
    return admission.review(delivery).items;
  }

  /** A server that knows no envelopes takes events alone. */
  #withPlace(items: EncodedItem[]): EncodedItem[] {
    if (this.#settings.protocol === 'envelope') return items;
    this.account.dropped(
      'send_error',
      items.filter(({ type }) => type !== 'event'),
    );
    return items.filter(({ type }) => type === 'event');
  }

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
