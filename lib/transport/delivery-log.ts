import type { DataCategory } from '../protocol/item-category';
import type { RateLimitQuota } from '../protocol/rate-limits';
import type { AccountCounts } from './account';
import type { Answer } from './send-result';
import type { TransportLogger } from './transport-logger';

const REDIRECTED = 'redirects are not followed; the DSN should name the place itself';
const HINTS: ReadonlyMap<number, string> = new Map([
  ...[301, 302, 303, 307, 308].map((status): [number, string] => [status, REDIRECTED]),
  [401, 'the server does not accept the key of the DSN'],
  [403, 'the key or the project of the DSN is wrong or disabled'],
  [404, "the DSN's path or project is wrong, or the server knows no envelopes: protocol 'store' may help"],
  [413, 'the event is too large for the server'],
]);

/** What a client of errors sends: limits on anything else lose nothing. */
const SENT: ReadonlySet<DataCategory | 'all'> = new Set([
  'all',
  'default',
  'error',
  'attachment',
  'session',
  'monitor',
  'feedback',
]);

/** An outage that begins sooner after the last one is told at level debug. */
const OUTAGE_EVERY_MS = 60_000;

type Dropped = AccountCounts['dropped'];

function limitedOf({ rate_limited: refused = 0, ratelimit_backoff: kept = 0 }: Dropped): number {
  return refused + kept;
}

/**
 * Says what the operator should know about delivery, once per trouble and not once per event; what was lost is
 * summed up when it is over.
 */
export class DeliveryLog {
  readonly #logger: TransportLogger;
  readonly #server: string;
  readonly #now: () => number;
  readonly #toldStatuses = new Set<number>();
  readonly #toldUntilMs = new Map<DataCategory | 'all', number>();
  #outageSinceMs?: number;
  /** Where a server fails now and then, not each time is told. */
  #isOutageLoud = true;
  #loudFromMs = Number.NEGATIVE_INFINITY;
  #lostCount = 0;
  #limitedBefore = 0;
  #isOverflowTold = false;
  #areAttachmentsTold = false;

  /**
   * @param server - address of the server, without keys
   * @param now - monotonic clock in milliseconds
   */
  constructor(logger: TransportLogger, server: string, now: () => number) {
    this.#logger = logger;
    this.#server = server;
    this.#now = now;
  }

  /** An envelope was too large for the server; what is left of it is sent without attachments. */
  attachmentsRefused(): void {
    if (this.#areAttachmentsTold) return;
    this.#areAttachmentsTold = true;
    this.#logger.warn(`attachments are too large for ${this.#server}: events go without those it refuses`);
  }

  /** An attempt failed and will be repeated. */
  paused(reason: string, delayMs: number): void {
    const seconds = Math.ceil(delayMs / 1000);
    if (this.#outageSinceMs !== undefined) {
      this.#logger.debug(`still no delivery to ${this.#server}: ${reason}; next attempt in ${seconds} s`);
      return;
    }
    this.#outageSinceMs = this.#now();
    this.#isOutageLoud = this.#now() >= this.#loudFromMs;
    if (this.#isOutageLoud) this.#loudFromMs = this.#now() + OUTAGE_EVERY_MS;
    this.#say(
      `cannot deliver to ${this.#server}: ${reason}; events are kept and tried again, first in ${seconds} s`,
    );
  }

  /** The server is there. */
  reached(): void {
    if (this.#outageSinceMs === undefined) return;
    const seconds = Math.round((this.#now() - this.#outageSinceMs) / 1000);
    this.#say(`delivering to ${this.#server} again after ${seconds} s`);
    this.#outageSinceMs = undefined;
  }

  #say(message: string): void {
    if (this.#isOutageLoud) this.#logger.warn(message);
    else this.#logger.debug(message);
  }

  /** Nothing waits any more. */
  drained(): void {
    if (this.#outageSinceMs !== undefined) return;
    if (this.#lostCount > 0) this.#logger.warn(`${this.#lostCount} were lost on the way to ${this.#server}`);
    this.#lostCount = 0;
    this.#isOverflowTold = false;
  }

  /** The queue had no room. */
  overflowed(count: number): void {
    if (count === 0) return;
    this.#lostCount += count;
    if (this.#isOverflowTold) return;
    this.#isOverflowTold = true;
    this.#logger.warn(
      `the queue for ${this.#server} is full; the oldest of the least important are dropped from now on`,
    );
  }

  /** The server refused for good. Once per status. */
  refused({ status, reason }: Answer): void {
    if (status === 429 || this.#toldStatuses.has(status)) return;
    this.#toldStatuses.add(status);
    const hint = HINTS.get(status);
    this.#logger.error(
      `${this.#server} answered ${status}${reason ? ` (${reason})` : ''}; the event is lost${hint ? `: ${hint}` : ''}`,
    );
  }

  /** Something was given up without an answer. */
  lost(why: string): void {
    this.#lostCount += 1;
    this.#logger.debug(`gave up an event for ${this.#server}: ${why}`);
  }

  /** The server sets limits. Once per category until they end. */
  limited(quotas: readonly RateLimitQuota[]): void {
    for (const { categories, retryAfterS } of quotas) {
      const fresh = (categories === 'all' ? (['all'] as const) : categories).filter((category) => {
        const isTold = (this.#toldUntilMs.get(category) ?? 0) > this.#now();
        this.#toldUntilMs.set(category, this.#now() + retryAfterS * 1000);
        return !isTold;
      });
      if (fresh.length === 0) continue;
      const what = fresh[0] === 'all' ? 'anything' : fresh.join(', ');
      const line = `${this.#server} does not take ${what} for ${retryAfterS} s; what comes meanwhile is dropped`;
      if (fresh.some((category) => SENT.has(category))) this.#logger.warn(line);
      else this.#logger.debug(line);
    }
  }

  /** Errors are limited from here on. @param dropped - what was dropped so far, by reason */
  limitBegins(dropped: Dropped): void {
    this.#limitedBefore = limitedOf(dropped);
  }

  /** Errors are taken again, or there is other trouble. */
  limitEnds(dropped: Dropped): void {
    const count = limitedOf(dropped) - this.#limitedBefore;
    if (count > 0)
      this.#logger.warn(`${count} were dropped as ${this.#server} did not take them for a while`);
  }

  /** The transport was closed with something left. */
  lostAtEnd(count: number): void {
    if (count > 0) this.#logger.warn(`closed with ${count} undelivered to ${this.#server}; they are lost`);
  }

  /** What was left at the end is on disk. */
  spooledAtEnd(count: number): void {
    if (count > 0)
      this.#logger.warn(`closed with ${count} undelivered to ${this.#server}; the spool has them`);
  }
}
