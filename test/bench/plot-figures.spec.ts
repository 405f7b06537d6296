import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Figure {
  median: number;
  min: number;
  max: number;
}
interface Subject {
  name: string;
  label: string;
  figures: Record<string, Record<string, Figure | undefined> | undefined>;
}
interface Figures {
  figuresOf(latest: object): { about: string; subjects: Subject[] };
}

type Run = Record<string, unknown>;
const run = (scenario: string, subject: string, round: number, measured: Run): Run => ({
  scenario,
  subject,
  round,
  nest: 11,
  platform: 'express',
  ...measured,
});
const RUNS = [
  run('ok', 'bare', 0, { cpuUs: 100 }),
  run('ok', 'bare', 1, { cpuUs: 200 }),
  run('ok', 'rollbar', 0, { cpuUs: 200 }),
  run('ok', 'rollbar', 1, { cpuUs: 400 }),
  run('ok', 'sentry-nestjs', 0, { cpuUs: 400 }),
  run('ok', 'sentry-nestjs', 1, { error: 'does not listen' }),
  run('ok', 'nestjs-raven', 0, { cpuUs: 1000, nest: 12 }),
  run('throwing', 'rollbar', 0, { lost: 10, requests: 1000 }),
  run('throwing', 'sentry-nestjs', 0, { lost: 5, requests: 1000, error: '5 events lost' }),
  run('throwing', 'bare', 0, { p99Ms: 20 }),
  run('boot', 'bare', 0, { bootMs: 280 }),
  run('boot', 'rollbar', 0, { bootMs: 300 }),
];
const LATEST = {
  machine: { node: 'v20.20.2' },
  installed: {
    'bare-nest11': { packages: [] },
    'rollbar-nest11': { packages: ['rollbar@2.26.5', 'lru-cache@2.2.4'] },
    'sentry-nestjs-nest11': { packages: ['@sentry/nestjs@10.75.0', '@sentry/core@10.75.0'] },
  },
  added: [
    { subject: 'rollbar', nest: 12, megabytes: 3 },
    { subject: 'rollbar', nest: 11, megabytes: 2 },
  ],
  runs: RUNS,
};

describe('the figures of the plots', () => {
  let figuresOf: Figures['figuresOf'];
  beforeAll(async () => {
    const path = join(__dirname, '../../bench/plots/figures.mjs');
    ({ figuresOf } = (await import(pathToFileURL(path).href)) as Figures);
  });
  const subject = (name: string): Subject =>
    figuresOf(LATEST).subjects.find((one) => one.name === name) as Subject;

  it('are those of NestJS 11 on Express, and say so', () => {
    const { about, subjects } = figuresOf(LATEST);
    expect(about).toBe('NestJS 11, Express, Node 20.20.2, 2 rounds');
    expect(subjects.map(({ name }) => name)).not.toContain('nestjs-raven');
  });

  it('compare with bare Nest of the same round', () => {
    expect(subject('rollbar').figures.ok?.ratio).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
    expect(subject('rollbar').figures.boot?.bootMs?.median).toBe(20);
  });

  it('leave out rounds that failed, and what was not measured', () => {
    expect(subject('sentry-nestjs').figures.ok?.ratio).toEqual({ median: 0.25, min: 0.25, max: 0.25 });
    expect(subject('sentry-nestjs').figures.throwing?.p99Ms).toBeUndefined();
    expect(subject('bare').figures.throwing?.lostPercent).toBeUndefined();
  });

  it('have lost events in percent, of failed runs too, and the megabytes that an app of this Nest had more', () => {
    expect(subject('rollbar').figures.throwing?.lostPercent?.median).toBe(1);
    expect(subject('sentry-nestjs').figures.throwing?.lostPercent?.median).toBe(0.5);
    expect(subject('rollbar').figures.install?.megabytes?.median).toBe(2);
  });

  it('come with bare Nest first, then by their ratio on the ok route, each with its version', () => {
    expect(figuresOf(LATEST).subjects.map(({ label }) => label)).toEqual([
      'bare Nest',
      'rollbar 2.26',
      '@sentry/nestjs 10.75',
    ]);
  });
});
