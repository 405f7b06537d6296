import type { Discards } from '../protocol/discards';
import { publicDsn, type Dsn } from '../protocol/dsn';
import type { HttpClient } from './http-client';
import type { ClientTarget } from './http-clients';
import { HttpSender } from './http-sender';
import { targetOf, type HttpTarget } from './http-target';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_TIMEOUT_MS,
  type QueuedTransportSettings,
} from './queued-transport.options';
import { QueuedTransport } from './queued.transport';
import { setTimer } from './set-timer';

/** What every transport to a server can be told. */
export interface ServerTransportOptions extends QueuedTransportSettings {
  dsn: Dsn;
}

/** What transports to a Sentry-compatible server have in common, whichever client makes the requests. */
export abstract class ServerTransport extends QueuedTransport {
  /** What another process needs to know to send in place of this one; absent where that is not enough. */
  readonly target?: HttpTarget;
  readonly #http: HttpSender;

  /** @param isPlain - whether nothing of the client is the app's own: another process can do the same then */
  constructor(
    { dsn, spool, ...settings }: ServerTransportOptions,
    clientFor: (target: ClientTarget) => HttpClient,
    isPlain: boolean,
  ) {
    const target = targetOf(dsn, settings.protocol ?? 'envelope');
    const maxSockets = Math.max(1, settings.maxConcurrency ?? DEFAULT_CONCURRENCY);
    const sender = new HttpSender({
      target,
      client: clientFor({ target, maxSockets }),
      timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      setTimer: settings.setTimer ?? setTimer,
      wallClock: settings.wallClock ?? Date.now,
    });
    super(sender, {
      ...settings,
      server: dsn.baseUrl,
      ...(spool && { spool: { ...spool, publicDsn: publicDsn(dsn, dsn.scheme) } }),
    });
    this.#http = sender;
    if (isPlain) this.target = target;
  }

  /** Does now what the first delivery would have to wait for: loads the HTTP client. Takes tens of milliseconds, once. */
  warmUp(): void {
    this.#http.warmUp();
  }

  /** What was lost and why, as far as the server was not told yet. */
  get discards(): Discards {
    return this.account.discards;
  }
}
