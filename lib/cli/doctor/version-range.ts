type Version = readonly [major: number, minor: number, patch: number];

/**
 * Whether a version is within a range, of the kinds that this package's own manifest has: `*`, `^1.2.3`, `>=1.2.3`
 * with parts left out, and several by `||`. Of a prerelease the version that it leads to counts.
 *
 * @throws RangeError where the range is of another kind
 */
export function isInRange(version: string, range: string): boolean {
  const found = parseVersion(version);
  return found !== undefined && range.split('||').some((part) => isInPart(found, part.trim()));
}

function isInPart(version: Version, part: string): boolean {
  if (part === '*') return true;
  const [, operator, text] = /^(\^|>=)(\S+)$/.exec(part) ?? [];
  const least = text === undefined ? undefined : parseVersion(text);
  if (!least) throw new RangeError(`"${part}" is no range of a known kind; expected *, ^1.2.3 or >=1.2.3`);
  if (compare(version, least) < 0) return false;
  if (operator === '>=') return true;
  // A caret holds the first part that is not zero.
  const held = least.findIndex((number) => number !== 0);
  return version.every((number, index) => index > held || number === least[index]);
}

function parseVersion(text: string): Version | undefined {
  const [, major, minor = '0', patch = '0'] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function compare(a: Version, b: Version): number {
  const index = a.findIndex((number, at) => number !== b[at]);
  return index < 0 ? 0 : a[index] - b[index];
}
