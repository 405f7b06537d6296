import type { SetTimer } from '../../../lib/transport/set-timer';

/** A clock and timers that stand still until they are told otherwise. */
export class FakeTime {
  nowMs = 1000;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  readonly now = (): number => this.nowMs;

  readonly setTimer: SetTimer = (callback, delayMs) => {
    const timer = { atMs: this.nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Lets time pass and runs what is due, earliest first. */
  advance(ms: number): void {
    this.nowMs += ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(({ atMs }) => atMs <= this.nowMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) return;
      this.#timers.delete(due);
      due.callback();
    }
  }
}
