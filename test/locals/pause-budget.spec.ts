import { describe, expect, it } from 'vitest';
import { PauseBudget } from '../../lib/locals/pause-budget';

/** A budget with a clock that stands still. */
function budget(): { budget: PauseBudget; pass: (ms: number) => void } {
  let nowMs = 1000;
  return { budget: new PauseBudget(() => nowMs), pass: (ms) => (nowMs += ms) };
}

function spendOften(given: PauseBudget, count: number, ms = 0): unknown[] {
  return Array.from({ length: count }, () => given.spend(ms)).filter((over) => over !== undefined);
}

describe('PauseBudget', () => {
  it('allows 20 pauses at once, and no more', () => {
    const { budget: given } = budget();
    expect(spendOften(given, 20)).toEqual([]);
    expect(given.spend(0)).toEqual({ reason: 'too many', offMs: 1000, isFirst: true });
  });

  it('allows 20 a second for as long as they come', () => {
    const { budget: given, pass } = budget();
    for (let second = 0; second < 100; second++) {
      expect(spendOften(given, 20, 0.5)).toEqual([]);
      pass(1000);
    }
  });

  it('allows 2 % of the time, and a single pause of a fifth of a second', () => {
    const { budget: given, pass } = budget();
    expect(given.spend(199)).toBeUndefined();
    pass(1000);
    expect(given.spend(20)).toBeUndefined();
    expect(given.spend(20)).toEqual({ reason: 'too long', offMs: 1000, isFirst: true });
  });

  it('takes the time alone of what does not count', () => {
    const { budget: given } = budget();
    for (let i = 0; i < 100; i++) expect(given.spend(1, 0)).toBeUndefined();
  });

  it('is off for twice as long each time, at most ten minutes, and begins anew after a calm minute', () => {
    const { budget: given, pass } = budget();
    const offs: number[] = [];
    for (let round = 0; round < 12; round++) {
      const over = given.spend(500);
      offs.push(over?.offMs ?? 0);
      expect(over?.isFirst).toBe(round === 0);
      pass((over?.offMs ?? 0) + 30_000);
    }
    expect(offs.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(offs.at(-1)).toBe(600_000);
    pass(30_000);
    expect(given.spend(500)).toEqual({ reason: 'too long', offMs: 1000, isFirst: true });
  });
});
