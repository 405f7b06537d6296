/** A method as its class's prototype holds it. */
export type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Makes one function pass for another: metadata, name, length, and whatever else stands on it, since
 * decorators of other libraries put properties there.
 *
 * @returns `method`
 */
export function standInFor<T extends AnyMethod>(original: AnyMethod, method: T): T {
  for (const metadataKey of Reflect.getOwnMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(metadataKey, Reflect.getOwnMetadata(metadataKey, original), method);
  }
  for (const [property, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (descriptor.configurable) Object.defineProperty(method, property, descriptor);
  }
  return method;
}
