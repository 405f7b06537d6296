import { describe, expect, it } from 'vitest';
import { nearestName } from '../lib/nearest-name';

describe('the name that was meant', () => {
  const names = ['dsn', 'tags', 'sampleRate', 'maxBreadcrumbs', 'maxBreadcrumbBytes'];

  it.each([
    ['sample_rate', 'sampleRate'],
    ['sampelRate', 'sampleRate'],
    ['smplRate', 'sampleRate'],
    ['dns', 'dsn'],
    ['tag', 'tags'],
    ['MaxBreadCrumbs', 'maxBreadcrumbs'],
    ['maxBreadcrumb', 'maxBreadcrumbs'],
    ['tracesSampleRate', undefined],
    ['foo', undefined],
    ['', undefined],
    ['d'.repeat(1_000_000), undefined],
  ])('of %.20s is %s', (given, wanted) => {
    expect(nearestName(given, names)).toBe(wanted);
  });
});
