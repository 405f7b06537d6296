/** Longer than JSON writes any number, a date or `false`, with what stands around it. */
const LONGEST_SIMPLE = 32;
/** A character is three bytes, or six where JSON escapes it. */
const LONGEST_CHARACTER = 6;
/** No event is that deep, unless it holds itself. */
const MAX_DEPTH = 100;

/**
 * No less than the bytes of a value's JSON, without writing it: most values are far from what they are measured by,
 * and telling so costs less than writing. Never throws; infinite where it cannot tell.
 *
 * @param enough - beyond that it does not count on
 */
export function longestJson(value: unknown, enough: number): number {
  try {
    return count(value, enough, 0);
  } catch {
    return Infinity;
  }
}

function count(value: unknown, enough: number, depth: number): number {
  if (typeof value === 'string') return LONGEST_CHARACTER * value.length + LONGEST_SIMPLE;
  if (typeof value === 'bigint' || depth > MAX_DEPTH) return Infinity;
  if (typeof value !== 'object' || value === null) return LONGEST_SIMPLE;
  let length = LONGEST_SIMPLE;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && length <= enough; index++) {
      length += count(value[index], enough - length, depth + 1);
    }
    return length;
  }
  if (!(value instanceof Date) && typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return Infinity;
  // What is inherited counts too: no harm in that, and there is nothing faster.
  for (const key in value) {
    if (length > enough) break;
    const member = (value as Record<string, unknown>)[key];
    length += LONGEST_CHARACTER * key.length + 4 + count(member, enough - length, depth + 1);
  }
  return length;
}
