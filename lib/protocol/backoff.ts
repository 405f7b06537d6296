const LONGEST_STEP = 6;
/** A server that asks for more than a day is misconfigured; without a bound it would silence the process for good. */
const LONGEST_RETRY_AFTER_S = 86_400;

/**
 * Decides when to try again after failures, as raven-python does: after the n-th failure in a row no attempt for
 * min(n, 6)² seconds, or for as long as the server asked; one success forgets them all.
 */
export class Backoff {
  readonly #now: () => number;
  #failures = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  /** @param now - monotonic clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
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
    const asked = retryAfterS !== undefined && retryAfterS > 0 ? retryAfterS : undefined;
    const waitS = Math.min(asked ?? Math.min(this.#failures, LONGEST_STEP) ** 2, LONGEST_RETRY_AFTER_S);
    this.#untilMs = this.#now() + waitS * 1000;
  }

  /** Notes a success. */
  success(): void {
    this.#failures = 0;
    this.#untilMs = Number.NEGATIVE_INFINITY;
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
