import type { Discards } from '../protocol/discards';
import { publicDsn, type Dsn } from '../protocol/dsn';
import { targetOf, type HttpTarget } from './http-target';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_TIMEOUT_MS,
  type QueuedTransportSettings,
} from './queued-transport.options';
import { QueuedTransport } from './queued.transport';
import type { Sender } from './sender';
import { setTimer, type SetTimer } from './set-timer';
import { guardLogger, type TransportLogger } from './transport-logger';

/** What every transport to a server can be told. */
export interface ServerTransportOptions extends QueuedTransportSettings {
  dsn: Dsn;
}

/** What a {@link ServerSender} is made of. */
export interface ServerSenderSettings {
  target: HttpTarget;
  /** Connections at a time. */
  maxSockets: number;
  /** For one attempt. */
  timeoutMs: number;
  setTimer: SetTimer;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
  logger: TransportLogger;
}

/** Makes attempts to hand something to a server. */
export interface ServerSender extends Sender {
  /** Does now what the first attempt would have to wait for; never throws. */
  warmUp(): void;
}

/** What transports to a Sentry-compatible server have in common, whoever makes the requests. */
export abstract class ServerTransport extends QueuedTransport {
  /** What another process needs to know to send in place of this one; absent where that is not enough. */
  readonly target?: HttpTarget;
  readonly #serverSender: ServerSender;

  /** @param isPlain - whether nothing of the sender is the app's own: another process can do the same then */
  constructor(
    { dsn, spool, ...settings }: ServerTransportOptions,
    senderFor: (settings: ServerSenderSettings) => ServerSender,
    isPlain: boolean,
  ) {
    const target = targetOf(dsn, settings.protocol ?? 'envelope');
    const sender = senderFor({
      target,
      maxSockets: Math.max(1, settings.maxConcurrency ?? DEFAULT_CONCURRENCY),
      timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      setTimer: settings.setTimer ?? setTimer,
      wallClock: settings.wallClock ?? Date.now,
      logger: guardLogger(settings.logger),
    });
    super(sender, {
      ...settings,
      server: dsn.baseUrl,
      ...(spool && { spool: { ...spool, publicDsn: publicDsn(dsn, dsn.scheme) } }),
    });
    this.#serverSender = sender;
    if (isPlain) this.target = target;
  }

  /** Does now what the first delivery would have to wait for: loads the HTTP client, or starts the thread. Takes tens of milliseconds, once. */
  warmUp(): void {
    this.#serverSender.warmUp();
  }

  /** What was lost and why, as far as the server was not told yet. */
  get discards(): Discards {
    return this.account.discards;
  }
}
