/** Reads a property of anything; undefined where there is none or reading it throws. */
export function safeRead(holder: unknown, key: PropertyKey): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  try {
    return (holder as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** Reads a property that should be text; undefined where it is not. */
export function safeString(holder: unknown, key: PropertyKey): string | undefined {
  const value = safeRead(holder, key);
  return typeof value === 'string' ? value : undefined;
}

/** The name of a value's class, as far as it tells; never throws. */
export function className(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object' && typeof value !== 'function') return typeof value;
  const name = safeString(safeRead(value, 'constructor'), 'name');
  return name !== undefined && name !== '' ? name : 'Object';
}
