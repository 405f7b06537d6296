/** Whether a value is text. */
export const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether a value is text that says something. */
export const isFilledText = (value: unknown): value is string => isText(value) && value !== '';

/** Whether a value is an object, whatever its kind. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a value is an object as `{}` writes one, from whatever realm: no list, Map, Date or instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether `new` can be asked of a value: of an arrow function or a method it cannot. */
export function isConstructor(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  try {
    // As the third argument it is looked at, not called.
    Reflect.construct(Object, [], value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a value was written as `class`: then it cannot be called as a function. */
export function isClassSyntax(value: unknown): boolean {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  );
}

/** Whether a value has all of these methods. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    (isObject(value) || typeof value === 'function') &&
    names.every((name) => typeof (value as unknown as Record<string, unknown>)[name] === 'function')
  );
}
