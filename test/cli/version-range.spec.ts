import { describe, expect, it } from 'vitest';
import { ownManifest } from '../../lib/cli/doctor/own-manifest';
import { isInRange } from '../../lib/cli/doctor/version-range';

describe('a range of versions', () => {
  it.each([
    ['20.19.0', '^20.19.0 || ^22.12.0 || >=24.0.0', true],
    ['v22.13.1', '^20.19.0 || ^22.12.0 || >=24.0.0', true],
    ['25.0.0', '^20.19.0 || ^22.12.0 || >=24.0.0', true],
    ['20.18.9', '^20.19.0 || ^22.12.0 || >=24.0.0', false],
    ['23.4.0', '^20.19.0 || ^22.12.0 || >=24.0.0', false],
    ['12.0.0-rc.1', '^12.0.0', true],
    ['9.4.3', '^10.0.0', false],
    ['0.1.14', '^0.1.13', true],
    ['0.2.0', '^0.1.13', false],
    ['0.0.3', '^0.0.3', true],
    ['0.0.4', '^0.0.3', false],
    ['8.0.0', '>=8', true],
    ['7.9.9', '>=8', false],
    ['1.0.0', '*', true],
    ['', '*', false],
    ['next', '>=8', false],
  ])('has %j in %j: %s', (version, range, expected) => {
    expect(isInRange(version, range)).toBe(expected);
  });

  it('of another kind is not guessed at', () => {
    expect(() => isInRange('1.0.0', '~1.0.0')).toThrow(RangeError);
  });

  it('is understood of all that this package asks for', () => {
    const { peerDependencies, engines } = ownManifest();
    const ranges = [...Object.values(peerDependencies), ...Object.values(engines)];
    for (const range of ranges) expect(() => isInRange('1.0.0', range)).not.toThrow();
  });
});
