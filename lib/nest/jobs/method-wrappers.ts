import { standInFor, type AnyMethod } from '../../decorators/stand-in';
import type { ClassOf } from '../../raven.options';
import type { RaisedAt } from '../error-reporter';
import { SharedPlacements } from '../shared-placements';

/** One call of a wrapped method. */
export interface MethodCall {
  readonly instance: unknown;
  readonly args: readonly unknown[];
  /** The method it is. */
  readonly at: RaisedAt & { readonly type: ClassOf<unknown>; readonly handlerName: string };
  /** Does what the method does. */
  readonly proceed: () => unknown;
}

/** What stands around a method. It is the same for all apps: they are found by the call's object. */
export type Around = (call: MethodCall) => unknown;

/**
 * Methods of classes with something around them. Apps that share a class share what stands on it; the last
 * one takes it away.
 */
export class MethodWrappers {
  private readonly placements = new SharedPlacements();

  /**
   * Wraps a method, an inherited one too: the class gets one of its own, which tells whose call it is.
   * Metadata, name and length stay, since the libraries that call it go by them.
   *
   * @returns takes the wrapper away, once no other app needs it
   */
  wrap(type: ClassOf<unknown>, name: string, around: Around): () => void {
    return this.placements.share(type, name, () => place(type, name, around));
  }
}

function place(type: ClassOf<unknown>, name: string, around: Around): () => void {
  const prototype = type.prototype as Record<string, AnyMethod>;
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  const original = prototype[name];
  if (typeof original !== 'function' || (own && !own.configurable)) return () => {};
  const at = { type, handler: original as RaisedAt['handler'], handlerName: name };
  let isOn = true;
  const wrapper = standInFor(original, function (this: unknown, ...args: unknown[]): unknown {
    const proceed = (): unknown => original.apply(this, args);
    return isOn ? around({ instance: this, args, at, proceed }) : proceed();
  });
  Object.defineProperty(prototype, name, {
    ...(own ?? { configurable: true, writable: true, enumerable: false }),
    value: wrapper,
  });
  return () => {
    isOn = false;
    // Whoever put something over the wrapper keeps it; the wrapper then only passes calls on.
    if (prototype[name] !== wrapper) return;
    if (own) Object.defineProperty(prototype, name, own);
    else delete prototype[name];
  };
}
