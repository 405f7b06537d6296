import type { Delivery } from './delivery';
import type { HttpClient, HttpExchange } from './http-client';
import type { HttpTarget } from './http-target';
import { packBody } from './pack-body';
import { readAnswer } from './read-answer';
import { requestBody } from './request-body';
import type { Sender } from './sender';
import { safeText } from './safe-text';
import type { SendResult } from './send-result';
import type { SetTimer } from './set-timer';

/** Where an {@link HttpSender} sends to, and how. */
export interface HttpSenderOptions {
  target: Pick<HttpTarget, 'protocol' | 'secrets'>;
  /** Makes its requests to the target's URL. */
  client: HttpClient;
  /** For one attempt, from the first byte sent to the last byte received. */
  timeoutMs: number;
  setTimer: SetTimer;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
}

/** Errors that come before a byte was sent: nobody there, or a certificate that is not accepted. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Makes one attempt at a time to hand something to the server; knows nothing of queues and retries. */
export class HttpSender implements Sender {
  readonly #options: HttpSenderOptions;
  readonly #running = new Set<HttpExchange>();
  readonly #secrets: () => readonly string[];
  #isClosed = false;

  constructor(options: HttpSenderOptions) {
    this.#options = options;
    const { client, target } = options;
    this.#secrets = () => [...target.secrets, ...client.secrets()];
  }

  /** Makes one attempt. Never rejects, and ends in time whatever an interceptor of the user's does. */
  send(delivery: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    try {
      const { target, wallClock } = this.#options;
      return this.sendBody(requestBody(target.protocol, delivery, new Date(wallClock())));
    } catch (error) {
      return Promise.resolve(this.#failure(error));
    }
  }

  /** The same with a body that is put together already. */
  async sendBody(body: Buffer): Promise<SendResult> {
    try {
      const packing = packBody(body);
      const packed = packing && (await packing);
      if (this.#isClosed) throw new Error('closed');
      return await this.#exchange(this.#options.client.post(packed ?? body, packed !== undefined));
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** Does now what the first attempt would have to wait for; never throws. */
  warmUp(): void {
    try {
      this.#options.client.load();
    } catch {
      // The first attempt will say so.
    }
  }

  /** Breaks off what is under way and ends connections of our own. */
  close(): void {
    this.#isClosed = true;
    for (const exchange of this.#running) exchange.abandon(new Error('closed'));
    this.#options.client.destroy();
  }

  async #exchange(exchange: HttpExchange): Promise<SendResult> {
    const { timeoutMs, setTimer } = this.#options;
    this.#running.add(exchange);
    const cancel = setTimer(() => exchange.abandon(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      return readAnswer(await exchange.answer, this.#secrets);
    } finally {
      cancel();
      this.#running.delete(exchange);
    }
  }

  #failure(error: unknown): SendResult {
    const { code, message, request } = describe(error);
    return {
      networkError: safeText(message || code, this.#secrets()) || 'unknown error',
      isUnsent: UNSENT.has(code),
      isStaleSocket: code === 'ECONNRESET' && request?.reusedSocket === true,
    };
  }
}

/** What was thrown may be anything, also something whose properties throw. */
function describe(error: unknown): { code: string; message: string; request?: { reusedSocket?: unknown } } {
  try {
    const { code, message, request } = error as { code?: unknown; message?: unknown; request?: object };
    return {
      code: typeof code === 'string' ? code : '',
      message: typeof message === 'string' ? message : '',
      ...(request ? { request } : {}),
    };
  } catch {
    return { code: '', message: '' };
  }
}
