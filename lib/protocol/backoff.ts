import { LONGEST_RETRY_AFTER_S } from './retry-after';

const LONGEST_STEP = 6;

/** How long to wait in seconds after so many failures in a row. */
export type WaitS = (failures: number) => number;

/** As raven-python waits: min(n, 6)² seconds. */
export const ravenWaitS: WaitS = (failures) => Math.min(failures, LONGEST_STEP) ** 2;

/**
 * Exponential with full jitter: any time below 2ⁿ⁻¹ seconds, and never longer than raven-python would wait. So the
 * processes that lost their server together do not come back together.
 *
 * @param random - a number from 0 up to, not including, 1
 */
export function fullJitter(random: () => number): WaitS {
  return (failures) => random() * Math.min(2 ** (failures - 1), ravenWaitS(failures));
}

/**
 * Decides when to try again after failures: after each one no attempt for a while, or for as long as the server
 * asked; one success forgets them all.
 */
export class Backoff {
  readonly #now: () => number;
  readonly #waitS: WaitS;
  #failures = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  #isAsked = false;

  /**
   * @param now - monotonic clock in milliseconds
   * @param waitS - the own wait where the server asks for none
   */
  constructor(now: () => number, waitS: WaitS = ravenWaitS) {
    this.#now = now;
    this.#waitS = waitS;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Notes a failure and begins a new wait.
   *
   * @param retryAfterS - the server's wish in seconds (at most a day is granted); absent, not positive or no
   *   number: the own wait
   */
  fail(retryAfterS?: number): void {
    this.#failures += 1;
    this.#isAsked = retryAfterS !== undefined && retryAfterS > 0;
    const waitS = this.#isAsked ? Number(retryAfterS) : this.#waitS(this.#failures);
    this.#untilMs = this.#now() + Math.min(waitS, LONGEST_RETRY_AFTER_S) * 1000;
  }

  /** Notes a success. */
  success(): void {
    this.#failures = 0;
    this.#untilMs = Number.NEGATIVE_INFINITY;
  }

  /** Ends a wait that the server did not ask for: somebody has no time to wait. */
  hasten(): void {
    if (!this.#isAsked) this.#untilMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether the wait is over; at its very last moment it is not. */
  shouldTry(): boolean {
    return this.#now() > this.#untilMs;
  }

  /** Milliseconds after which `shouldTry` becomes true, rounded up; 0 where it is true now. */
  delayMs(): number {
    return this.shouldTry() ? 0 : Math.floor(this.#untilMs - this.#now()) + 1;
  }
}
