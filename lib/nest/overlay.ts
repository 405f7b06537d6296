/**
 * Puts a property of the object's own over one of its methods.
 *
 * @param make - given the method as it was, gives the one to call in its place
 * @returns takes the overlay away; whoever put another one over it keeps theirs
 */
export function overlay<T extends object, K extends keyof T>(
  holder: T,
  key: K,
  make: (original: T[K]) => T[K],
): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, key);
  const value = make(holder[key]);
  const isPlaced = Reflect.defineProperty(holder, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    if (!isPlaced || Object.getOwnPropertyDescriptor(holder, key)?.value !== value) return;
    if (own) Object.defineProperty(holder, key, own);
    else delete (holder as Partial<T>)[key];
  };
}
