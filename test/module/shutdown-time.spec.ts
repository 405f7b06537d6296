import { describe, expect, it } from 'vitest';
import { ShutdownTime } from '../../lib/nest/lifecycle/shutdown-time';

/** A delivery that a test ends when it likes. */
function delivery(): { done: Promise<void>; end: () => void } {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { done, end };
}

describe('the time of a shutdown', () => {
  it('is whole before it begins, whatever was waited for', async () => {
    let now = 0;
    const time = new ShutdownTime(() => now);
    const { done, end } = delivery();
    const spending = time.spend(done);
    now = 90;
    end();
    await spending;
    time.begin();
    expect(time.leftOf(100)).toBe(100);
  });

  it('is spent by deliveries, not by what the app does between them', async () => {
    let now = 0;
    const time = new ShutdownTime(() => now);
    time.begin();
    for (const took of [30, 50]) {
      const { done, end } = delivery();
      const spending = time.spend(done);
      now += took;
      end();
      await spending;
      now += 10_000;
    }
    expect([time.leftOf(100), time.leftOf(50)]).toEqual([20, 0]);
  });

  it('is spent once by deliveries at the same time, also while they are under way', async () => {
    let now = 0;
    const time = new ShutdownTime(() => now);
    time.begin();
    const [one, other] = [delivery(), delivery()];
    const spending = [time.spend(one.done), time.spend(other.done)];
    now = 40;
    expect(time.leftOf(100)).toBe(60);
    one.end();
    await spending[0];
    now = 70;
    other.end();
    await spending[1];
    expect(time.leftOf(100)).toBe(30);
  });
});
