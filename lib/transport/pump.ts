import { AsyncResource } from 'node:async_hooks';
import type { SetTimer } from './set-timer';
import { unrefTimer } from './unref-timer';

/**
 * Runs the steps of delivery whenever something has changed, and never keeps the process alive for them. What they
 * begin belongs to nobody's request: delivery must not run in the context of the one that happened to report something.
 */
export class Pump {
  readonly #steps: () => number;
  readonly #timer: SetTimer;
  readonly #scope = new AsyncResource('RavenTransport');
  #isDue = false;
  #isEnded = false;
  #cancelWake?: () => void;

  /** @param steps - begins as much as may be; @returns in how many milliseconds it wants to be called again, 0 where something else will see to that */
  constructor(steps: () => number, setTimer: SetTimer) {
    this.#steps = steps;
    this.#timer = setTimer;
  }

  /** Timers that neither run in a request's context nor keep it in memory. */
  readonly setTimer: SetTimer = (callback, delayMs, keepAlive) =>
    this.run(() => this.#timer(callback, delayMs, keepAlive));

  /** Does something in delivery's own context. */
  run<T>(work: () => T): T {
    return this.#scope.runInAsyncScope(work);
  }

  /** Something has changed. */
  soon(): void {
    if (this.#isDue || this.#isEnded) return;
    this.#isDue = true;
    const due = setImmediate(() => {
      this.#isDue = false;
      this.run(() => this.now());
    });
    // Where nothing else goes on, `beforeExit` sees to what is left.
    unrefTimer(due);
    // An event loop that something else keeps alive sleeps all the same until it is woken: that is what this is for.
    unrefTimer(setTimeout(() => undefined, 1));
  }

  /** Runs the steps. */
  now(): void {
    if (this.#isEnded) return;
    const delayMs = this.#steps();
    this.#cancelWake?.();
    this.#cancelWake = delayMs > 0 ? this.setTimer(() => this.now(), delayMs) : undefined;
  }

  /** Nothing runs any more. */
  end(): void {
    this.#isEnded = true;
    this.#cancelWake?.();
  }

  /** Nothing is done in its context any more. */
  destroy(): void {
    this.#scope.emitDestroy();
  }
}
