/** Sets a property of plain data; `__proto__` is a name as any other there. */
export function put(holder: object, key: string, value: unknown): void {
  if (key !== '__proto__') (holder as Record<string, unknown>)[key] = value;
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
