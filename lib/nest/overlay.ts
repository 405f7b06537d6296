/**
 * Puts a method over that of one object, whose class stays as it is.
 *
 * @param make - given what the object had; returns what stands in its place
 * @returns gives the object back what it had, unless somebody else has put something over it since
 */
export function overlay<T extends object>(
  holder: T,
  method: keyof T & string,
  make: (original: (...args: unknown[]) => unknown) => (...args: never[]) => unknown,
): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, method);
  const value = make(holder[method] as (...args: unknown[]) => unknown);
  Object.defineProperty(holder, method, { value, configurable: true, writable: true, enumerable: false });
  return () => {
    if ((holder[method] as unknown) !== value) return;
    if (own) Object.defineProperty(holder, method, own);
    else delete holder[method];
  };
}
