import type { Discards } from '../protocol/discards';
import { publicDsn } from '../protocol/dsn';
import { authHeader } from './auth-header';
import { HttpSender, type HttpTarget } from './http-sender';
import type { HttpTransportOptions } from './http-transport.options';
import { DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT_MS } from './queued-transport.options';
import { QueuedTransport } from './queued.transport';
import { setTimer } from './set-timer';

/** Delivers envelopes to a Sentry-compatible server over HTTP, in the background. */
export class HttpTransport extends QueuedTransport {
  /** What another process needs to know to send in place of this one; absent with an `axios` of the app's own. */
  readonly target?: HttpTarget;
  readonly #http: HttpSender;

  constructor(options: HttpTransportOptions) {
    const { dsn, spool, axios, ...settings } = options;
    const protocol = options.protocol ?? 'envelope';
    const target: HttpTarget = {
      url: protocol === 'store' ? dsn.storeUrl : dsn.envelopeUrl,
      protocol,
      auth: authHeader(dsn),
      secrets: [dsn.secretKey ?? '', dsn.publicKey],
    };
    const sender = new HttpSender({
      ...target,
      axios,
      maxSockets: Math.max(1, options.maxConcurrency ?? DEFAULT_CONCURRENCY),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      setTimer: options.setTimer ?? setTimer,
      wallClock: options.wallClock ?? Date.now,
    });
    super(sender, {
      ...settings,
      server: dsn.baseUrl,
      ...(spool && { spool: { ...spool, publicDsn: publicDsn(dsn, dsn.scheme) } }),
    });
    this.#http = sender;
    if (axios === undefined) this.target = target;
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
