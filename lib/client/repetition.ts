import { hasPassed } from './has-passed';

/** What was counted instead of sent, as the next event of its kind that is sent carries it. */
export interface Guarded {
  /** How many. */
  guarded: number;
  /** Time of the first of them, RFC 3339. */
  since: string;
}

/** How often one kind of event came in its window, and how many of them nobody was told of yet. */
export class Repetition {
  private windowStartMs = -Infinity;
  private count = 0;
  private guarded = 0;
  private guardedSinceMs = Infinity;

  /** Counts one more. A window begins with the first of its events. @returns whether it is within the limit */
  admits(nowMs: number, limit: number, windowMs: number): boolean {
    if (hasPassed(windowMs, this.windowStartMs, nowMs)) {
      this.windowStartMs = nowMs;
      this.count = 0;
    }
    if (this.count < limit) {
      this.count += 1;
      return true;
    }
    this.guarded += 1;
    this.guardedSinceMs = Math.min(this.guardedSinceMs, nowMs);
    return false;
  }

  /** Whether some were guarded that nobody was told of yet. */
  get hasGuarded(): boolean {
    return this.guarded > 0;
  }

  /** Takes the count away, for the event that will carry it. @returns undefined where none were guarded */
  take(): Guarded | undefined {
    const { guarded, guardedSinceMs } = this;
    if (guarded === 0) return undefined;
    this.guarded = 0;
    this.guardedSinceMs = Infinity;
    return { guarded, since: new Date(guardedSinceMs).toISOString() };
  }
}
