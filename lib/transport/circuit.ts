import { Backoff, fullJitter } from '../protocol/backoff';
import type { DataCategory } from '../protocol/item-category';
import { RateLimits, type RateLimitAnswer, type RateLimitQuota } from '../protocol/rate-limits';
import type { SetTimer } from './set-timer';
import type { TransportState } from './transport-state';

/** What a {@link Circuit} is made of. */
export interface CircuitOptions {
  /** Monotonic clock in milliseconds. */
  now: () => number;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
  random: () => number;
  setTimer: SetTimer;
  /** Told of each new state; must not throw. */
  changed: (state: TransportState, before: TransportState) => void;
}

/** Knows how the server does, and so when it may be asked again, and for what. */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #backoff: Backoff;
  readonly #limits: RateLimits;
  #told: TransportState = 'online';
  #cancelTimer?: () => void;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.now, fullJitter(options.random));
    this.#limits = new RateLimits(options.now, options.wallClock);
  }

  get state(): TransportState {
    if (this.#backoff.failures > 0) return 'offline';
    return this.#limits.isLimited('error') ? 'limited' : 'online';
  }

  /** Failures since the server was last reached. */
  get failures(): number {
    return this.#backoff.failures;
  }

  /** Whether an attempt may be made now. */
  get mayTry(): boolean {
    return this.#backoff.shouldTry();
  }

  /** Milliseconds until an attempt may be made. */
  delayMs(): number {
    return this.#backoff.delayMs();
  }

  /** Milliseconds until errors are taken. */
  limitedMs(): number {
    return this.#limits.remainingMs('error');
  }

  isLimited(category: DataCategory): boolean {
    return this.#limits.isLimited(category);
  }

  /** Allows an attempt now, unless the server asked for a wait. */
  hasten(): void {
    this.#backoff.hasten();
  }

  /**
   * The server could not be reached, or could not take what it should.
   *
   * @param failuresBefore - how many there were when the attempt began: what ran side by side fails side by side,
   *   and is one failure
   */
  failed(failuresBefore: number, retryAfterS?: number): void {
    if (this.#backoff.failures <= failuresBefore) this.#backoff.fail(retryAfterS);
    this.#tell();
  }

  /** The server answered. */
  reached(): void {
    this.#backoff.success();
    this.#tell();
  }

  /** Takes note of the limits in an answer. @returns those that now hold because of it */
  update(answer: RateLimitAnswer): RateLimitQuota[] {
    const quotas = this.#limits.update(answer);
    this.#tell();
    return quotas;
  }

  /** Nothing is told afterwards. */
  end(): void {
    this.#cancelTimer?.();
    this.#options.changed = () => undefined;
  }

  #tell(): void {
    const { state } = this;
    this.#cancelTimer?.();
    // A limit ends by itself.
    this.#cancelTimer =
      state === 'limited'
        ? this.#options.setTimer(() => this.#tell(), this.#limits.remainingMs('error'))
        : undefined;
    if (state === this.#told) return;
    const before = this.#told;
    this.#told = state;
    this.#options.changed(state, before);
  }
}
