import { inspect } from 'node:util';

/**
 * A clock for tests: it shows the real time until it is set, and stands still from then on but for what
 * {@link advance} adds.
 */
export class FakeClock {
  #nowMs: number | undefined;

  /** @param time - a date, a text that `Date` reads, or milliseconds since the epoch; none: the real time for now */
  constructor(time?: Date | string | number) {
    if (time !== undefined) this.set(time);
  }

  /** Milliseconds since the epoch. It can be handed on as it is: `now: clock.now`. */
  readonly now = (): number => this.#nowMs ?? Date.now();

  /**
   * Stops the clock at a time.
   *
   * @throws RangeError where it is none
   */
  set(time: Date | string | number): this {
    const nowMs = new Date(time).getTime();
    if (Number.isNaN(nowMs)) {
      throw new RangeError(
        `FakeClock: ${inspect(time)} is no time; expected a date, a text such as "2026-01-31T12:00:00Z", or milliseconds since the epoch`,
      );
    }
    this.#nowMs = nowMs;
    return this;
  }

  /**
   * Has time go on, from where the clock stands; one that was not set stops then.
   *
   * @throws RangeError where that is no number of milliseconds
   */
  advance(byMs: number): this {
    if (!Number.isFinite(byMs)) {
      throw new RangeError(`FakeClock: cannot go on by ${inspect(byMs)}; expected milliseconds`);
    }
    return this.set(this.now() + byMs);
  }

  /** Shows the real time again. */
  reset(): this {
    this.#nowMs = undefined;
    return this;
  }
}
