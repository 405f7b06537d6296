import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../lib/protocol/backoff';
import { InvalidDsnError, parseDsn, publicDsn } from '../../lib/protocol/dsn';

interface DsnCase {
  case: string;
  dsn: string;
  error?: string;
  remote?: {
    base_url: string;
    project: string;
    public_key: string;
    secret_key: string | null;
    store_endpoint: string;
    options: Record<string, string>;
    public_dsn: string;
    active: boolean;
  };
}

interface BackoffCase {
  case: string;
  steps: ['fail' | 'wait', number?][];
  should_try_after_each_step: boolean[];
}

const cases = JSON.parse(readFileSync(join(__dirname, '../raven-golden.json'), 'utf8')) as ({
  case: string;
} & Record<string, unknown>)[];
const startingWith = (prefix: string): unknown[] => cases.filter((entry) => entry.case.startsWith(prefix));
const dsnCases = startingWith('dsn: ') as DsnCase[];
const backoffCases = startingWith('backoff: ') as BackoffCase[];

describe('a DSN is read as raven-python reads it', () => {
  it('covers the recorded cases', () => {
    expect(dsnCases.length).toBe(9);
    expect(backoffCases.length).toBe(3);
  });

  it.each(dsnCases.filter((entry) => entry.error === undefined))('$case', ({ dsn: text, remote }) => {
    const dsn = parseDsn(text);
    expect({
      base_url: dsn.baseUrl,
      project: dsn.projectId,
      public_key: dsn.publicKey,
      secret_key: dsn.secretKey ?? null,
      store_endpoint: dsn.storeUrl,
      options: dsn.options,
      public_dsn: publicDsn(dsn),
      active: true,
    }).toEqual(remote);
  });

  it.each(dsnCases.filter((entry) => entry.error !== undefined))('$case', ({ dsn, error }) => {
    expect(() => parseDsn(dsn)).toThrow(InvalidDsnError);
    expect(() => parseDsn(dsn)).toThrow(expect.objectContaining({ name: error }));
  });
});

describe('attempts are spaced as raven-python spaces them', () => {
  it.each(backoffCases)('$case', ({ steps, should_try_after_each_step: expected }) => {
    let nowMs = 0;
    const backoff = new Backoff(() => nowMs);
    const seen = steps.map(([action, seconds]) => {
      if (action === 'fail') backoff.fail(seconds);
      else nowMs += Math.round((seconds ?? 0) * 1000);
      return backoff.shouldTry();
    });
    expect(seen).toEqual(expected);
  });
});
