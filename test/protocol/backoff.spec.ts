import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../lib/protocol/backoff';

describe('Backoff', () => {
  it('tries at once after a success, however many failures came before', () => {
    const backoff = new Backoff(() => 0);
    for (let count = 0; count < 9; count++) backoff.fail();
    expect(backoff.failures).toBe(9);
    backoff.success();
    expect([backoff.shouldTry(), backoff.delayMs(), backoff.failures]).toEqual([true, 0, 0]);
    backoff.fail();
    expect(backoff.delayMs()).toBe(1001);
  });

  it.each([undefined, 0, -5, Number.NaN])('keeps its own wait where the server asks for %s', (seconds) => {
    const backoff = new Backoff(() => 0);
    backoff.fail(seconds);
    expect(backoff.delayMs()).toBe(1001);
  });

  it('grants a server a day at most', () => {
    const backoff = new Backoff(() => 0);
    backoff.fail(1e9);
    expect(backoff.delayMs()).toBe(86_400_001);
  });

  it('may be tried after its delay and not a millisecond earlier', () => {
    const failures = fc.array(fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(failures, fc.integer({ min: 0, max: 1e9 }), (waits, startMs) => {
        let nowMs = startMs;
        const backoff = new Backoff(() => nowMs);
        waits.forEach((wait) => backoff.fail(wait));
        nowMs += backoff.delayMs() - 1;
        expect(backoff.shouldTry()).toBe(false);
        nowMs += 1;
        expect(backoff.shouldTry()).toBe(true);
      }),
    );
  });
});
