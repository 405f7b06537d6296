/** What pauses may cost. */
export interface PauseLimits {
  /** How many in a second; so many may come at once. */
  maxPerSecond: number;
  /** Which share of the time, from 0 to 1. */
  maxShare: number;
  /** The time over which that share is counted, in milliseconds: a single pause may take all that is allowed in it. */
  windowMs: number;
  /** How long pauses are off when they were too many or too long for the first time, in milliseconds; doubled each time. */
  firstOffMs: number;
  maxOffMs: number;
  /** After so many milliseconds without trouble it is the first time again. */
  calmMs: number;
}

export const PAUSE_LIMITS: PauseLimits = {
  maxPerSecond: 20,
  maxShare: 0.02,
  windowMs: 10_000,
  firstOffMs: 1000,
  maxOffMs: 600_000,
  calmMs: 60_000,
};

/** Why pauses have to stop. */
export interface Overspent {
  reason: 'too many' | 'too long';
  offMs: number;
  /** Whether it is the first time, or the first after a calm. */
  isFirst: boolean;
}

/** Counts pauses and what they take, as two buckets that fill with time. */
export class PauseBudget {
  private pauses: number;
  private timeMs: number;
  private lastMs: number;
  private offMs = 0;
  private onSinceMs: number;

  /** @param now - milliseconds of a clock that only goes forward */
  constructor(
    private readonly now: () => number,
    private readonly limits: PauseLimits = PAUSE_LIMITS,
  ) {
    this.pauses = limits.maxPerSecond;
    this.timeMs = limits.maxShare * limits.windowMs;
    this.lastMs = this.onSinceMs = now();
  }

  /**
   * Takes note of a pause.
   *
   * @param spentMs - what pauses have taken since the last call
   * @param count - how many they are; 0 for one of which only the time counts
   * @returns how long they have to stop, where there were too many or they took too long
   */
  spend(spentMs: number, count = 1): Overspent | undefined {
    const { maxPerSecond, maxShare, windowMs, firstOffMs, maxOffMs, calmMs } = this.limits;
    const nowMs = this.now();
    const elapsedMs = Math.max(0, nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.pauses = Math.min(maxPerSecond, this.pauses + (elapsedMs / 1000) * maxPerSecond) - count;
    this.timeMs = Math.min(maxShare * windowMs, this.timeMs + elapsedMs * maxShare) - spentMs;
    if (this.pauses >= 0 && this.timeMs >= 0) return undefined;

    const reason = this.timeMs < 0 ? 'too long' : 'too many';
    const isFirst = this.offMs === 0 || nowMs - this.onSinceMs >= calmMs;
    this.offMs = isFirst ? firstOffMs : Math.min(this.offMs * 2, maxOffMs);
    // What was spent is paid by being off; the next time begins with what a calm app has.
    this.pauses = maxPerSecond;
    this.timeMs = maxShare * windowMs;
    this.onSinceMs = nowMs + this.offMs;
    return { reason, offMs: this.offMs, isFirst };
  }
}
