import { safeRead } from '../event/safe-read';

/** A method of some object, whatever it is. */
export type Overlaid = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Lays a method over one that an object has, for where there is no public seam: on this one object, and in
 * nobody's way. The class and its other objects stay as they are.
 *
 * @param over - makes the new method of the old one
 * @returns takes it away again
 */
export function overlayMethod<T extends object, K extends keyof T & string>(
  holder: T,
  name: K,
  over: (method: NonNullable<T[K]>) => T[K],
): () => void;
export function overlayMethod(holder: object, name: string, over: (method: Overlaid) => Overlaid): () => void;
export function overlayMethod(
  holder: object,
  name: string,
  over: (method: Overlaid) => Overlaid,
): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const overlay = over((holder as Record<string, Overlaid>)[name]);
  Object.defineProperty(holder, name, {
    value: overlay,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    // Whoever put another overlay over this one keeps it.
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== overlay) return;
    if (own) Object.defineProperty(holder, name, own);
    else delete (holder as Record<string, Overlaid>)[name];
  };
}

/** Whether an object has these methods; a proxy that answers to any name has none. */
export function hasMethods(holder: unknown, names: readonly string[]): holder is object {
  if (typeof holder !== 'object' || holder === null) return false;
  return names.every((name) => Reflect.has(holder, name) && typeof safeRead(holder, name) === 'function');
}
