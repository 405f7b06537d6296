import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Measured {
  ratios: Map<string, number>;
  errors: Map<string, string>;
}
type HoldFloors = (
  floors: Record<string, number>,
  measure: (keys: string[]) => Promise<Measured>,
  tell: (line: string) => void,
) => Promise<string[]>;

/** Ratios of one try after the other; what is no number is an error. */
function tries(...given: Record<string, number | string>[]) {
  const asked: string[][] = [];
  const measure = (keys: string[]): Promise<Measured> => {
    const seen = Object.entries(given[asked.push(keys) - 1] ?? {});
    return Promise.resolve({
      ratios: new Map(seen.filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
      errors: new Map(seen.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    });
  };
  return { asked, measure };
}

describe('the guard of ratios', () => {
  let holdFloors: HoldFloors;
  beforeAll(async () => {
    const path = join(__dirname, '../../bench/harness/hold-floors.mjs');
    ({ holdFloors } = (await import(pathToFileURL(path).href)) as { holdFloors: HoldFloors });
  });

  it('lets a ratio be up to 15% under its floor', async () => {
    const { asked, measure } = tries({ ok: 0.86 });
    expect(await holdFloors({ ok: 1 }, measure, () => undefined)).toEqual([]);
    expect(asked).toEqual([['ok']]);
  });

  it('measures again what was under, and nothing else', async () => {
    const { asked, measure } = tries({ ok: 0.9, throwing: 0.3 }, { throwing: 0.5 });
    expect(await holdFloors({ ok: 1, throwing: 0.5 }, measure, () => undefined)).toEqual([]);
    expect(asked).toEqual([['ok', 'throwing'], ['throwing']]);
  });

  it('fails where each of three tries was under', async () => {
    const { asked, measure } = tries({ ok: 0.8 }, { ok: 0.84 }, { ok: 0.7 }, { ok: 1 });
    expect(await holdFloors({ ok: 1 }, measure, () => undefined)).toEqual(['ok']);
    expect(asked).toHaveLength(3);
  });

  it('counts as under what lost an event or was not measured', async () => {
    const lost = { ok: '1 events lost' };
    const told: string[] = [];
    const { measure } = tries(lost, lost, lost);
    expect(await holdFloors({ ok: 1, storm: 1 }, measure, (line) => told.push(line))).toEqual([
      'ok',
      'storm',
    ]);
    expect(told[0]).toBe('under, try 1 of 3: ok: 1 events lost, floor 1');
    expect(told[1]).toBe('under, try 1 of 3: storm: not measured, floor 1');
  });
});
