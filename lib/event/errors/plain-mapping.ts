import { safeRead } from '../safe-read';

/** Whether a value is a mapping of the language's own, not an object of some class; never throws. */
export function isPlainMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    if (Array.isArray(value)) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    // That of another realm has none itself.
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** The names of an object's own enumerable properties, at most so many; none where it does not tell. */
export function ownKeys(value: unknown, max: number): string[] {
  if (typeof value !== 'object' || value === null) return [];
  try {
    return Object.keys(value).slice(0, max);
  } catch {
    return [];
  }
}

/** The first entries of a list; none of anything else. */
export function firstOf(list: unknown, max: number): unknown[] {
  const length = isList(list) ? Number(safeRead(list, 'length')) : 0;
  return Array.from({ length: Math.min(length, max) }, (_, index) => safeRead(list, index));
}

/** Whether a value is a list; never throws. */
export function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}
