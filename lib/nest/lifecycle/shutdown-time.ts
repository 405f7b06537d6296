/**
 * How long an app that shuts down waits for deliveries: all its hooks together as long as one would alone.
 * What the app's own hooks take does not count.
 *
 * @param now - milliseconds of a clock that never goes back
 */
export class ShutdownTime {
  private isRunning = false;
  private spentMs = 0;
  private waits = 0;
  private sinceMs = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The app shuts down from here on. */
  begin(): void {
    this.isRunning = true;
  }

  /** How much is left of a time: before the shutdown all of it. */
  leftOf(timeoutMs: number): number {
    if (!this.isRunning) return timeoutMs;
    const runningMs = this.waits > 0 ? this.now() - this.sinceMs : 0;
    return Math.max(0, timeoutMs - this.spentMs - runningMs);
  }

  /** Waits for a delivery; several at once count as one. */
  async spend(delivery: Promise<unknown>): Promise<void> {
    if (!this.isRunning) return void (await delivery);
    if (this.waits++ === 0) this.sinceMs = this.now();
    try {
      await delivery;
    } finally {
      if (--this.waits === 0) this.spentMs += this.now() - this.sinceMs;
    }
  }
}
