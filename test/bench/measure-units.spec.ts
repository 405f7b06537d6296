import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Subject {
  name: string;
  dependencies: Record<string, string>;
}
interface Target {
  subject: Subject;
}
interface Run {
  subject: string;
  round: number;
  error?: string;
  lost?: number;
}
interface Scenario {
  name: string;
  slices?: number;
  start: (
    surroundings: unknown,
    target: Target,
  ) => Promise<{
    slice: () => void;
    finish: () => Promise<{ rssMb: number; lost?: number }>;
    kill: () => void;
  }>;
}
type MeasureUnits = (
  surroundings: unknown,
  units: { scenario: Scenario; nest: number; platform: string; subjects: Subject[]; rounds: number }[],
  folderOf: (subject: Subject) => string | undefined,
  options: { size: object; endMs: number; tell: (line: string) => void },
) => Promise<Run[]>;

const BARE = { name: 'bare', dependencies: {} };
const OURS = { name: 'ours', dependencies: { 'nestjs-raven': 'packed' } };
const PEER = { name: 'peer', dependencies: { peer: '1' } };

/** Notes what happens to each subject; `lost` events of all, and one that does not start. */
function scenario({ slices, lost, broken }: { slices?: number; lost?: number; broken?: string }) {
  const steps: string[] = [];
  const made: Scenario = {
    name: 'made up',
    slices,
    start: (_surroundings, { subject: { name } }) => {
      if (name === broken) return Promise.reject(new Error('does not start'));
      steps.push(`start ${name}`);
      return Promise.resolve({
        slice: () => void steps.push(`ask ${name}`),
        finish: () => Promise.resolve({ rssMb: 1, lost }),
        kill: () => void steps.push(`end ${name}`),
      });
    },
  };
  return { made, steps };
}

describe('benchmarks', () => {
  let measureUnits: MeasureUnits;
  beforeAll(async () => {
    const path = join(__dirname, '../../bench/harness/measure-units.mjs');
    ({ measureUnits } = (await import(pathToFileURL(path).href)) as { measureUnits: MeasureUnits });
  });
  const measure = (made: Scenario, { rounds = 1, endMs = Infinity, subjects = [BARE, OURS, PEER] } = {}) =>
    measureUnits(
      {},
      [{ scenario: made, nest: 12, platform: 'express', subjects, rounds }],
      ({ name }) => (name === 'missing' ? undefined : `/${name}`),
      { size: {}, endMs, tell: () => undefined },
    );

  it('ask all apps by turns where a scenario has slices, and begin each time with another', async () => {
    const { made, steps } = scenario({ slices: 2 });
    await measure(made, { subjects: [BARE, OURS] });
    expect(steps).toEqual([
      'start bare',
      'start ours',
      'ask bare',
      'ask ours',
      'ask ours',
      'ask bare',
      'end bare',
      'end ours',
    ]);
  });

  it('run one app after the other where it has none, and begin each round with another', async () => {
    const { made, steps } = scenario({});
    const runs = await measure(made, { subjects: [BARE, OURS], rounds: 2 });
    expect(steps.filter((step) => step.startsWith('ask'))).toEqual([
      'ask bare',
      'ask ours',
      'ask ours',
      'ask bare',
    ]);
    expect(steps.slice(0, 4)).toEqual(['start bare', 'ask bare', 'end bare', 'start ours']);
    expect(runs.map(({ round }) => round)).toEqual([0, 0, 1, 1]);
  });

  it('call a lost event an error of ours, and a figure of a peer', async () => {
    const runs = await measure(scenario({ lost: 2 }).made);
    expect(runs.map(({ subject, error }) => [subject, error])).toEqual([
      ['bare', undefined],
      ['ours', '2 events lost'],
      ['peer', undefined],
    ]);
    expect(runs[2].lost).toBe(2);
  });

  it('go on without an app that does not start, and leave out what is not installed', async () => {
    const { made } = scenario({ slices: 2, broken: 'peer' });
    const missing = { ...PEER, name: 'missing' };
    const runs = await measure(made, { subjects: [BARE, missing, PEER, OURS] });
    expect(runs.map(({ subject, error }) => [subject, error])).toEqual([
      ['bare', undefined],
      ['peer', 'does not start'],
      ['ours', undefined],
    ]);
  });

  it('begin nothing more when their time is over', async () => {
    const { made, steps } = scenario({});
    expect(await measure(made, { endMs: 0 })).toEqual([]);
    expect(steps).toEqual([]);
  });
});
