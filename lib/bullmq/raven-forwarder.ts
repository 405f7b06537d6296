import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { addCounts } from '../client/add-counts';
import { runQuietly } from '../context/scope';
import type { DropReason } from '../transport/account';
import { safeText } from '../transport/safe-text';
import { setTimer } from '../transport/set-timer';
import { readDeadLetters, retryDeadLetter, type DeadLetter } from './dead-letters';
import { ForwardWorker } from './forward-worker';
import { resolveForwarderOptions, type ForwarderOptions, type ForwarderSettings } from './forwarder.options';
import { FORWARDER_OPTIONS } from './raven-forwarder.module-definition';
import { describeQueue, givenClient, makeClient, secretsOf, type RedisClient } from './redis-client';

/** What a forwarder has done since it started, and what is in its queue. */
export interface ForwarderStats {
  /** Events and the like that servers took from this worker. */
  sent: number;
  /** Attempts of this worker that were put off. */
  retried: number;
  /** What this worker gave up, by reason; all but `rate_limited` and `ratelimit_backoff` are dead letters. */
  dropped: Partial<Record<DropReason, number>>;
  /** What went wrong last. */
  lastError?: { message: string; atMs: number };
  /** Jobs in the queue, of all workers. */
  queue: { waiting: number; active: number; delayed: number; deadLetters: number };
}

const LONGEST_RECONNECT_MS = 5000;
/** One line of trouble for so long, whatever goes wrong with Redis. */
const COMPLAIN_EVERY_MS = 60_000;
const MAX_TOLD = 100;
const RETRIED_AT_ONCE = 100;

/**
 * Delivers what apps with a `RavenBullTransport` put onto the queue. It starts with its Nest app and ends with it;
 * any number of them may share a queue.
 */
@Injectable()
export class RavenForwarder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #settings: ForwarderSettings;
  readonly #told = new Set<string>();
  #client?: RedisClient;
  #worker?: ForwardWorker;
  #closing?: Promise<void>;
  #complainedMs = Number.NEGATIVE_INFINITY;
  #isTroubleTold = false;

  /** @throws InvalidOptionsError where an option is unknown or has a wrong value, or there is no DSN */
  constructor(@Inject(FORWARDER_OPTIONS) options: ForwarderOptions) {
    const logger = new Logger('RavenForwarder');
    this.#settings = resolveForwarderOptions(options, {
      debug: (message) => logger.debug(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    });
  }

  /** Begins to take jobs; Redis need not be there yet. */
  onApplicationBootstrap(): void {
    // Whatever goes wrong in here, an error reporter of this app must not put it onto the same queue.
    runQuietly(() => this.#start());
  }

  /** Lets envelopes under way finish within `shutdownTimeoutMs` and gives the others back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#closing ??= runQuietly(() => this.#close());
    await this.#closing;
  }

  /** What was done so far. @throws (rejects) where Redis does not answer */
  async stats(): Promise<ForwarderStats> {
    const { targets, queue } = this.#running();
    // By no names: BullMQ's major versions do not have the same ones.
    const jobs = await this.#answered(queue.getJobCounts());
    const { sent, retried, dropped, lastError } = targets
      .map(({ account }) => account.counts())
      .reduce((sum, counts) => addCounts(sum, counts));
    return {
      sent,
      retried,
      dropped,
      ...(lastError && { lastError }),
      queue: {
        waiting: jobs['waiting'] + (jobs['paused'] ?? 0),
        active: jobs['active'],
        delayed: jobs['delayed'],
        deadLetters: jobs['failed'],
      },
    };
  }

  /**
   * What was given up, the newest first: refused by the server for good, too old, for an unknown DSN, or no envelope.
   *
   * @param page - which of them
   * @param page.start - how many to leave out; none by default
   * @param page.limit - how many at most; 100 by default
   * @throws (rejects) where Redis does not answer
   */
  deadLetters({ start = 0, limit = 100 }: { start?: number; limit?: number } = {}): Promise<DeadLetter[]> {
    return this.#answered(readDeadLetters(this.#running().queue, start, limit));
  }

  /** Sends a dead letter again. @returns whether it was there. @throws (rejects) where Redis does not answer */
  retry(id: string): Promise<boolean> {
    return this.#answered(retryDeadLetter(this.#running().queue, id));
  }

  /** Sends again all dead letters that there are now. @throws (rejects) where Redis does not answer */
  async retryAll(): Promise<void> {
    const { queue } = this.#running();
    const ids = await this.#answered(queue.getRanges(['failed'], 0, -1, true));
    for (let done = 0; done < ids.length; done += RETRIED_AT_ONCE) {
      const some = ids.slice(done, done + RETRIED_AT_ONCE);
      await this.#answered(Promise.all(some.map((id) => retryDeadLetter(queue, id))));
    }
  }

  #start(): void {
    const { connection } = this.#settings.queueing;
    const given = givenClient(connection);
    const client =
      given ??
      makeClient(connection, {
        // BullMQ's worker waits for Redis, however long.
        maxRetriesPerRequest: null,
        retryStrategy: (times: number) => Math.random() * Math.min(2 ** times * 50, LONGEST_RECONNECT_MS),
      });
    if (given === undefined) this.#client = client;
    const complain = (error: Error): void => this.#complain(error);
    client.on('error', complain);
    client.on('ready', () => this.#reached());
    this.#worker = new ForwardWorker(this.#settings, client, {
      complain,
      dead: (reason) => this.#tellDead(reason),
    });
  }

  async #close(): Promise<void> {
    await this.#worker?.close(this.#settings.shutdownTimeoutMs);
    this.#client?.disconnect();
    this.#client?.stream?.destroy();
  }

  #running(): ForwardWorker {
    if (this.#worker === undefined) throw new Error('RavenForwarder: the app has not started yet');
    return this.#worker;
  }

  /** While Redis is away BullMQ waits; whoever asks should not. */
  async #answered<T>(asking: Promise<T>): Promise<T> {
    const { timeoutMs } = this.#settings;
    let cancel: (() => void) | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      const message = `RavenForwarder: Redis did not answer within ${timeoutMs} ms`;
      cancel = setTimer(() => reject(new Error(message)), timeoutMs, true);
    });
    try {
      return await Promise.race([asking, timeUp]);
    } finally {
      cancel?.();
    }
  }

  #complain(error: Error): void {
    if (this.#closing || performance.now() - this.#complainedMs < COMPLAIN_EVERY_MS) return;
    this.#complainedMs = performance.now();
    this.#isTroubleTold = true;
    const { queueing, logger } = this.#settings;
    const reason = safeText(error.message, secretsOf(queueing.connection)) || 'unknown error';
    logger.warn(`trouble with ${describeQueue(queueing)}: ${reason}; it goes on once Redis does`);
  }

  #reached(): void {
    if (!this.#isTroubleTold) return;
    this.#isTroubleTold = false;
    this.#settings.logger.warn(`connected to ${describeQueue(this.#settings.queueing)}`);
  }

  /** Once per reason. */
  #tellDead(reason: string): void {
    if (this.#told.has(reason) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(reason);
    this.#settings.logger.error(
      `an envelope is now a dead letter: ${reason}; see RavenForwarder.deadLetters()`,
    );
  }
}
