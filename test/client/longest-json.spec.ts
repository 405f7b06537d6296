import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestJson } from '../../lib/client/longest-json';

describe('longestJson', () => {
  it('is never less than JSON is long', () => {
    const anything = fc.anything({
      key: fc.string({ unit: 'binary' }),
      values: [
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
      ],
      withDate: true,
      maxDepth: 5,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const json = JSON.stringify(value) as string | undefined;
        expect(longestJson(value, Infinity)).toBeGreaterThanOrEqual(Buffer.byteLength(json ?? ''));
      }),
      { numRuns: 1000 },
    );
  });

  it('ends soon where there is too much', () => {
    let reads = 0;
    const endless = (): object => ({
      get more(): object {
        reads += 1;
        return { one: endless(), two: endless() };
      },
    });
    expect(longestJson(endless(), 1000)).toBeGreaterThan(1000);
    expect(reads).toBeLessThan(100);
  });

  it('is infinite where it cannot tell', () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const throwing = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    for (const value of [cycle, throwing, 1n, { toJSON: () => 'x'.repeat(1000) }])
      expect(longestJson(value, 2 ** 30)).toBe(Infinity);
  });
});
