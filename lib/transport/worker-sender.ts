import { existsSync } from 'node:fs';
import type { Delivery } from './delivery';
import { nodeHttpClient } from './http-clients';
import { HttpSender } from './http-sender';
import { proxySecrets } from './proxy-secrets';
import { requestBody } from './request-body';
import { safeText } from './safe-text';
import { DeliveryThread, type ThreadAnswer } from './delivery-thread';
import type { NoAnswer, SendResult } from './send-result';
import type { ServerSender, ServerSenderSettings } from './server.transport';

/** So often a thread is lost; then there is no other. */
const MAX_LOST_THREADS = 3;
/** The thread sees to the time of an attempt. One that says nothing for so much longer has not just started slowly. */
const SILENCE_MS = 5000;

/**
 * Has attempts made by a thread: packing, sending and reading the answer are not the main thread's business then. All
 * that is kept is kept on this side, so a thread that is lost loses nothing: what it had under way ends as if no answer
 * had come.
 *
 * Where there can be no thread, or one after the other is lost, the main thread makes the attempts.
 */
export class WorkerSender implements ServerSender {
  readonly #settings: ServerSenderSettings;
  readonly #script: string | undefined;
  readonly #waiting = new Map<number, (result: SendResult) => void>();
  #thread?: DeliveryThread;
  #lastId = 0;
  #lostThreads = 0;
  /** Takes the thread's place. */
  #fallback?: HttpSender;
  #isClosed = false;

  /** @param script - the compiled `thread-sender.ts`; undefined where there is none */
  constructor(settings: ServerSenderSettings, script: string | undefined) {
    this.#settings = settings;
    this.#script = script;
  }

  async send(delivery: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    try {
      if (this.#isClosed) return failure('closed');
      const thread = this.#running();
      if (thread === undefined) return await this.#byMainThread().send(delivery);
      const { target, wallClock } = this.#settings;
      const body = requestBody(target.protocol, delivery, new Date(wallClock()));
      return await this.#attempt(thread, body);
    } catch (error) {
      return failure(this.#safe(String(error)));
    }
  }

  /** Starts the thread. */
  warmUp(): void {
    if (!this.#isClosed) this.#running();
  }

  close(): void {
    this.#isClosed = true;
    this.#fallback?.close();
    this.#thread?.stop();
    this.#giveUpAll('closed');
  }

  #attempt(thread: DeliveryThread, body: Buffer): Promise<SendResult> {
    const { timeoutMs, setTimer } = this.#settings;
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      // Whatever came meanwhile is read before: it may have been this thread that was busy.
      const cancel = setTimer(() => setImmediate(() => this.#silent(id, thread)), timeoutMs + SILENCE_MS);
      this.#waiting.set(id, (result) => {
        cancel();
        this.#waiting.delete(id);
        resolve(result);
      });
      thread.post({ id, body: ownMemory(body) });
    });
  }

  /** @returns undefined where the main thread makes the attempts */
  #running(): DeliveryThread | undefined {
    if (this.#thread !== undefined || this.#fallback !== undefined) return this.#thread;
    const { target, maxSockets, timeoutMs } = this.#settings;
    try {
      if (this.#script === undefined || !existsSync(this.#script))
        throw new Error('its script is not there, as in a bundle');
      this.#thread = new DeliveryThread(
        this.#script,
        { target, maxSockets, timeoutMs },
        {
          answered: ({ id, result }: ThreadAnswer) => this.#waiting.get(id)?.(result),
          ended: (reason, hasBegun) => this.#lost(reason, hasBegun),
        },
      );
    } catch (error) {
      this.#say(`no thread can be started for delivery: ${String(error)}; the main thread does it`);
      this.#byMainThread();
    }
    return this.#thread;
  }

  #lost(reason: string, hasBegun: boolean): void {
    if (this.#isClosed) return;
    this.#thread = undefined;
    this.#lostThreads += 1;
    // One that did not come so far will not do so the next time.
    const isLast = !hasBegun || this.#lostThreads >= MAX_LOST_THREADS;
    if (isLast) this.#byMainThread();
    const next = isLast ? 'the main thread delivers from now on' : 'the next delivery starts another one';
    this.#say(`the thread for delivery ended: ${reason}; ${next}`);
    this.#giveUpAll(this.#safe(`the thread for delivery ended: ${reason}`), !hasBegun);
  }

  #silent(id: number, thread: DeliveryThread): void {
    const settle = this.#waiting.get(id);
    if (settle === undefined) return;
    thread.stop();
    settle(failure('the thread for delivery does not answer'));
  }

  #giveUpAll(why: string, isUnsent = false): void {
    for (const settle of this.#waiting.values()) settle(failure(why, isUnsent));
  }

  #byMainThread(): HttpSender {
    this.#fallback ??= new HttpSender({ ...this.#settings, client: nodeHttpClient(this.#settings) });
    return this.#fallback;
  }

  #say(message: string): void {
    this.#settings.logger.warn(this.#safe(message));
  }

  #safe(text: string): string {
    return safeText(text, [...this.#settings.target.secrets, ...proxySecrets(undefined)]);
  }
}

/** What is not surely unsent may have arrived, or not. */
function failure(networkError: string, isUnsent = false): NoAnswer {
  return { networkError, isUnsent, isStaleSocket: false };
}

/** What is handed over must not share its memory with anything else, as small buffers do. */
function ownMemory(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = body;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === body.byteLength;
  return isOwn ? new Uint8Array(buffer) : new Uint8Array(body);
}
