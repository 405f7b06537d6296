import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

interface Point {
  x: number;
  median: number;
}
interface Linearity {
  ALLOWANCE: number;
  checkLinear(points: Point[], barePoints?: Point[]): { limit: number; isLinear: boolean };
}

const XS = [1, 10, 100, 300, 1000];
const curve = (cost: (x: number) => number): Point[] => XS.map((x) => ({ x, median: cost(x) }));

describe('the check that a cost grows no worse than linearly', () => {
  let ALLOWANCE: Linearity['ALLOWANCE'];
  let checkLinear: Linearity['checkLinear'];
  beforeAll(async () => {
    const path = join(__dirname, '../../bench/growth/linearity.mjs');
    ({ ALLOWANCE, checkLinear } = (await import(pathToFileURL(path).href)) as Linearity);
  });

  it('passes any line, however flat or steep, with some noise at its end', () => {
    const amount = fc.double({ min: 1, max: 1e6, noNaN: true });
    const slope = fc.double({ min: 0, max: 1e4, noNaN: true });
    const noise = fc.double({ min: 0, max: 0.25, noNaN: true });
    fc.assert(
      fc.property(amount, slope, noise, (fixed, each, excess) => {
        const points = curve((x) => fixed + each * x);
        points[points.length - 1].median *= 1 + excess;
        expect(checkLinear(points).isLinear).toBe(true);
      }),
    );
  });

  it('passes a cost that falls', () => {
    expect(checkLinear(curve((x) => 1000 - x / 2)).isLinear).toBe(true);
  });

  it('fails what grows with the square, once that is more than the allowance', () => {
    fc.assert(
      fc.property(fc.double({ min: 2, max: 1e4, noNaN: true }), (steepness) => {
        expect(checkLinear(curve((x) => 500 + (steepness * 500 * x * x) / 1e6)).isLinear).toBe(false);
      }),
    );
  });

  it('says what the last point may be at most', () => {
    const { limit } = checkLinear(curve((x) => 100 + x));
    expect(limit).toBeCloseTo(1100 * (1 + ALLOWANCE));
  });

  it('fails a step at the end, unless bare Nest takes the same step', () => {
    const stepped = curve((x) => (x === 1000 ? 3000 : 1000));
    expect(checkLinear(stepped).isLinear).toBe(false);
    expect(
      checkLinear(
        stepped,
        curve(() => 500),
      ).isLinear,
    ).toBe(false);
    expect(
      checkLinear(
        stepped,
        curve((x) => (x === 1000 ? 1500 : 500)),
      ).isLinear,
    ).toBe(true);
  });
});
