/**
 * A shallow copy of what an app gave, whatever it is: reading it never throws. A property that cannot be
 * read becomes `<unreadable>`; what is no object at all, or hides its keys, is empty.
 */
export function safeCopy(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return {};
  try {
    return { ...given };
  } catch {
    return copyReadable(given);
  }
}

function copyReadable(given: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  try {
    for (const key of Object.keys(given)) {
      // Not by assignment: `__proto__` is a key like any other here.
      Object.defineProperty(copy, key, {
        value: readable(given, key),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  } catch {
    // A proxy that does not tell its keys has none.
  }
  return copy;
}

function readable(given: object, key: string): unknown {
  try {
    return (given as Record<string, unknown>)[key];
  } catch {
    return '<unreadable>';
  }
}
