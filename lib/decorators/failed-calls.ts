import type { ClassOf } from '../raven.options';

/** A call of a decorated method that an error passed through. */
export interface FailedCall {
  /** The class of the object the method was called on. */
  readonly type: ClassOf<unknown> | undefined;
  readonly method: PropertyKey;
  /** The object; the class for a static method. */
  readonly instance: unknown;
  /** The arguments, after pipes where it is a handler. */
  readonly args: readonly unknown[];
}

/** The calls that each error passed through, innermost first. Thrown primitives have no identity and are not followed. */
const calls = new WeakMap<object, FailedCall[]>();

/** Notes that `error` left through `call`. */
export function noteFailedCall(error: unknown, call: FailedCall): void {
  if (typeof error !== 'object' || error === null) return;
  const noted = calls.get(error);
  if (noted) noted.push(call);
  else calls.set(error, [call]);
}

/** The decorated calls that `error` passed through, innermost first. */
export function failedCallsOf(error: unknown): readonly FailedCall[] {
  return (typeof error === 'object' && error !== null && calls.get(error)) || [];
}
