import type { AxiosRequestConfig } from 'axios';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { joinEnvelope, type EncodedItem } from '../protocol/envelope';
import { SDK } from '../protocol/sdk';
import { createAxiosClient, type AxiosClient, type AxiosOption } from './axios-client';
import type { Delivery } from './delivery';
import { orAborted } from './or-aborted';
import { proxySecrets } from './proxy-secrets';
import { readAnswer, type RawAnswer } from './read-answer';
import type { Sender } from './sender';
import { safeText } from './safe-text';
import type { SendResult } from './send-result';
import type { SetTimer } from './set-timer';

/** Where an {@link HttpSender} sends to; plain data. */
export interface HttpTarget {
  url: string;
  /** `store` sends the event alone, as JSON. */
  protocol: 'envelope' | 'store';
  /** Value of `X-Sentry-Auth`; absent sends none. */
  auth?: string;
  /** What must not appear in any text that leaves this class, next to the credentials of proxies. */
  secrets: readonly string[];
}

/** Where an {@link HttpSender} sends to, and how. */
export interface HttpSenderOptions extends HttpTarget {
  axios?: AxiosOption;
  maxSockets: number;
  /** For one attempt, from the first byte sent to the last byte received. */
  timeoutMs: number;
  setTimer: SetTimer;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
}

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1024;
const CONTENT_TYPE = { envelope: 'application/x-sentry-envelope', store: 'application/json' };
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
const compress = promisify(gzip);

/** Makes one attempt at a time to hand something to the server; knows nothing of queues and retries. */
export class HttpSender implements Sender {
  readonly #options: HttpSenderOptions;
  readonly #client: AxiosClient;
  readonly #running = new Set<AbortController>();

  constructor(options: HttpSenderOptions) {
    this.#options = options;
    this.#client = createAxiosClient(options.axios, options.maxSockets);
  }

  /** Makes one attempt. Never rejects, and ends in time whatever an interceptor of the user's does. */
  async send(delivery: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    const controller = new AbortController();
    this.#running.add(controller);
    const { timeoutMs, setTimer } = this.#options;
    const cancel = setTimer(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const raw = await orAborted(this.#request(delivery, controller.signal), controller.signal);
      const answer = await readAnswer(raw, this.#secrets, controller.signal);
      if (answer === undefined) throw new Error('axios gave no answer');
      return answer;
    } catch (error) {
      return this.#failure(error);
    } finally {
      cancel();
      this.#running.delete(controller);
    }
  }

  /** Does now what the first attempt would have to wait for; never throws. */
  warmUp(): void {
    try {
      this.#client.load();
    } catch {
      // The first attempt will say so.
    }
  }

  /** Breaks off what is under way and ends connections of our own. */
  close(): void {
    for (const controller of this.#running) controller.abort(new Error('closed'));
    this.#client.destroy();
  }

  /** Anew each time, as axios finds its proxy anew for each request. */
  get #secrets(): string[] {
    return [...this.#options.secrets, ...proxySecrets(this.#options.axios)];
  }

  async #request(delivery: Pick<Delivery, 'headers' | 'items'>, signal: AbortSignal): Promise<RawAnswer> {
    const body = this.#body(delivery);
    const packed = body.byteLength < GZIP_FROM_BYTES ? undefined : await compress(body);
    const config: AxiosRequestConfig = {
      url: this.#options.url,
      data: packed ?? body,
      headers: this.#headers(packed !== undefined),
      signal,
    };
    try {
      return await this.#client.request(config);
    } catch (error) {
      // An interceptor may turn an answer into an error; it is an answer all the same.
      const answered = (error as { response?: RawAnswer } | null | undefined)?.response;
      if (answered === undefined || answered === null) throw error;
      return answered;
    }
  }

  #body({ headers, items }: Pick<Delivery, 'headers' | 'items'>): Buffer {
    if (this.#options.protocol === 'envelope') {
      return joinEnvelope(headers, items, new Date(this.#options.wallClock()));
    }
    return items.find(isEvent)?.payload ?? Buffer.from('{}');
  }

  /** `false` takes out a header that the user's instance has by default. */
  #headers(isPacked: boolean): Record<string, string | false> {
    const { auth, protocol } = this.#options;
    return {
      'Content-Type': CONTENT_TYPE[protocol],
      'Content-Encoding': isPacked ? 'gzip' : false,
      'User-Agent': `${SDK.name}/${SDK.version}`,
      'Accept-Encoding': 'identity',
      Cookie: false,
      'X-Sentry-Auth': auth ?? false,
    };
  }

  #failure(error: unknown): SendResult {
    const { code, message, request } = describe(error);
    return {
      networkError: safeText(message || code, this.#secrets) || 'unknown error',
      isUnsent: UNSENT.has(code),
      isStaleSocket: code === 'ECONNRESET' && request?.reusedSocket === true,
    };
  }
}

function isEvent(item: EncodedItem): boolean {
  return item.type === 'event';
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
