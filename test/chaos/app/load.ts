import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { RavenClient } from 'nestjs-raven';
import type { AppLoad } from './app-config';
import type { Journal } from './journal';

const TICK_MS = 5;

/** Errors at a steady rate, from timers and from requests of the app to itself. */
export class Load {
  readonly #open = new Set<Promise<void>>();
  #ticks?: NodeJS.Timeout;

  constructor(
    private readonly load: AppLoad,
    private readonly url: string,
    private readonly client: RavenClient,
    private readonly journal: Journal,
  ) {}

  /** Where the machine is busy, what is late is left out: an app that only catches up would do nothing else. */
  start(): void {
    const { capturesPerSecond, requestsPerSecond } = this.load;
    let count = 0;
    let captureDueMs = performance.now();
    let requestDueMs = captureDueMs;
    this.#ticks = setInterval(() => {
      const nowMs = performance.now();
      if (captureDueMs <= nowMs) {
        captureDueMs = Math.max(captureDueMs + 1000 / capturesPerSecond, nowMs);
        this.#capture(count++);
      }
      if (requestDueMs <= nowMs) {
        requestDueMs = Math.max(requestDueMs + 1000 / requestsPerSecond, nowMs);
        this.#request(count++);
      }
    }, TICK_MS);
  }

  /** Resolves once no request is open any more. */
  async stop(): Promise<void> {
    clearInterval(this.#ticks);
    await Promise.all(this.#open);
  }

  #capture(count: number): void {
    const { extraBytes, isStorm } = this.load;
    const lines = Math.round((extraBytes * Math.random()) / 256);
    const extra = { lines: Array.from({ length: lines }, () => randomBytes(128).toString('hex')) };
    const error = new Error(isStorm ? 'the same again' : `timer ${count} failed`);
    const id = this.client.captureException(error, { extra });
    if (id !== null) this.journal.captured(id);
  }

  #request(count: number): void {
    const done = new Promise<void>((resolve) => {
      const path = this.load.isStorm ? '/fail/again' : `/fail/${count}`;
      // A server that closes waits for connections that are in use: each request has one of its own.
      const request = get(`${this.url}${path}`, { agent: false }, (response) => {
        const id = response.headers['x-sentry-id'];
        if (typeof id === 'string') this.journal.captured(id);
        response.resume().once('close', resolve);
      });
      // The app may close before it answers.
      request.once('error', () => resolve());
    });
    this.#open.add(done);
    void done.then(() => this.#open.delete(done));
  }
}
