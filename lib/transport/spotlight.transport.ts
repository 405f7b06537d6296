import { AsyncResource } from 'node:async_hooks';
import type { Envelope } from '../protocol/envelope';
import type { AxiosOption } from './axios-client';
import { encodeDelivery, type Delivery } from './delivery';
import { axiosClient } from './http-clients';
import { HttpSender } from './http-sender';
import { headersFor } from './http-target';
import { NodeHttpClient } from './node-http-client';
import { setTimer, type SetTimer } from './set-timer';
import type { Transport } from './transport';
import { guardLogger, type TransportLogger } from './transport-logger';

/** What a {@link SpotlightTransport} is made of. */
export interface SpotlightTransportOptions {
  /** As `spotlightUrl` gives it. */
  url: string;
  logger: TransportLogger;
  /** Default one of our own. */
  axios?: AxiosOption;
  /** For one request. Default 5000. */
  timeoutMs?: number;
  /** Monotonic clock in milliseconds. */
  now?: () => number;
  setTimer?: SetTimer;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const MAX_IN_FLIGHT = 20;
const MAX_SOCKETS = 2;

/**
 * Copies envelopes to Spotlight, the viewer for local development: no auth, no limits, no second attempt.
 *
 * A viewer that is not there costs nothing: one line in the log, then copies are dropped for a second, twice as long
 * after each further failure, a minute at most. What is dropped here is a copy and counted nowhere.
 */
export class SpotlightTransport implements Transport {
  readonly #url: string;
  readonly #logger: TransportLogger;
  readonly #sender: HttpSender;
  readonly #now: () => number;
  readonly #setTimer: SetTimer;
  readonly #scope = new AsyncResource('RavenSpotlightTransport');
  readonly #inFlight = new Set<Promise<void>>();
  #pauseMs = 0;
  #pausedUntilMs = 0;
  #isFailureTold = false;
  #isClosed = false;

  constructor(options: SpotlightTransportOptions) {
    this.#url = options.url;
    this.#logger = guardLogger(options.logger);
    this.#now = options.now ?? (() => performance.now());
    this.#setTimer = options.setTimer ?? setTimer;
    const target = { url: options.url, protocol: 'envelope', secrets: [] } as const;
    this.#sender = new HttpSender({
      target,
      client:
        isLoopback(options.url) && !options.axios
          ? // A proxy for the world outside has no business between this process and its neighbour.
            new NodeHttpClient({ url: options.url, headers: headersFor(target), maxSockets: MAX_SOCKETS })
          : axiosClient({ target, maxSockets: MAX_SOCKETS }, options.axios),
      timeoutMs: options.timeoutMs ?? 5000,
      setTimer: this.#setTimer,
      wallClock: Date.now,
    });
  }

  send(envelope: Envelope): void {
    if (this.#isClosed || this.#inFlight.size >= MAX_IN_FLIGHT || this.#now() < this.#pausedUntilMs) return;
    const copy = this.#scope.runInAsyncScope(() => this.#copy(envelope));
    this.#inFlight.add(copy);
    void copy.then(() => this.#inFlight.delete(copy));
  }

  /** Waits for the copies under way; true where they ended in time, arrived or not. */
  flush(timeoutMs: number): Promise<boolean> {
    if (this.#inFlight.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#setTimer(() => resolve(false), timeoutMs, true);
      void Promise.all(this.#inFlight).then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  async close(timeoutMs: number): Promise<boolean> {
    this.#isClosed = true;
    const isDone = await this.flush(timeoutMs);
    this.#sender.close();
    return isDone;
  }

  /** Never rejects. */
  async #copy(envelope: Envelope): Promise<void> {
    const delivery = written(envelope);
    if (delivery === undefined) return;
    const result = await this.#sender.send(delivery);
    if ('status' in result && result.status >= 200 && result.status < 300) {
      this.#pauseMs = 0;
      return;
    }
    this.#pauseMs = Math.min(this.#pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.#pausedUntilMs = this.#now() + this.#pauseMs;
    if (this.#isFailureTold) return;
    this.#isFailureTold = true;
    const why = 'status' in result ? `it answered ${result.status}` : result.networkError;
    this.#logger.warn(`Spotlight at ${new URL(this.#url).origin} gets no copies: ${why}`);
  }
}

/** Nothing for what is not plain data after all: the app must not notice. */
function written(envelope: Envelope): Delivery | undefined {
  try {
    return encodeDelivery(envelope, { sequence: 0, createdMs: 0, receivedMs: 0 }).delivery;
  } catch {
    return undefined;
  }
}

function isLoopback(url: string): boolean {
  return /^https?:\/\/(?:localhost|127\.[0-9.]+|\[::1\])(?:[:/]|$)/i.test(url);
}
