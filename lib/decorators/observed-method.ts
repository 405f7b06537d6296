import { watchOutcome } from '../client/watch-outcome';
import { reportFailedCall } from '../nest/error-reporter';
import type { ClassOf } from '../raven.options';
import { noteFailedCall } from './failed-calls';
import { reportMetadataOf } from './report-metadata';
import { standInFor } from './stand-in';

/** What an observed method knows of itself; it stands on the function. */
interface ObservedState {
  /** How many apps see its errors at Nest's own door: then it need not watch them itself. */
  witnesses: number;
}

const STATE = Symbol('nestjs-raven:observed');
type Method = ((this: unknown, ...args: unknown[]) => unknown) & { [STATE]?: ObservedState };

/**
 * Replaces a method by one that follows the errors leaving it, once however many decorators stand on it.
 * Name, length and metadata stay. What is known of it is read only when an error passes.
 *
 * @param target - prototype, or class for a static method
 */
export function observeMethod(target: object, key: string | symbol): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  const original = descriptor?.value as Method | undefined;
  if (typeof original !== 'function' || original[STATE] || !descriptor?.configurable) return;
  Object.defineProperty(target, key, { ...descriptor, value: observed(original, key) });
}

/** As {@link observeMethod}, for a method decorator, which is given the descriptor. */
export function observeDescriptor(key: string | symbol, descriptor: PropertyDescriptor): void {
  const original = descriptor.value as Method | undefined;
  if (typeof original === 'function' && !original[STATE]) descriptor.value = observed(original, key);
}

/** As {@link observeMethod}, for all methods of a class, inherited ones included. */
export function observeClass(type: ClassOf<unknown>): void {
  const prototype = type.prototype as object;
  for (
    let holder: object | null = prototype;
    holder && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === 'constructor') continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (typeof descriptor?.value !== 'function') continue;
      if (holder === prototype) observeMethod(prototype, key);
      else if (!Object.hasOwn(prototype, key)) {
        Object.defineProperty(prototype, key, {
          ...descriptor,
          value: observed(descriptor.value as Method, key),
        });
      }
    }
  }
}

/** Says that an app sees this handler's errors at Nest's own door, or (`-1`) no longer does. */
export function countWitness(method: unknown, change: 1 | -1): void {
  const state = (method as Method)[STATE];
  if (state) state.witnesses += change;
}

function observed(original: Method, key: string | symbol): Method {
  const state: ObservedState = { witnesses: 0 };
  const method: Method = function (this: unknown, ...args: unknown[]): unknown {
    if (state.witnesses > 0 && !needsWatching(this, key)) return original.apply(this, args);
    return watchOutcome(
      () => original.apply(this, args),
      (error) => follow(error, this, key, args),
    );
  };
  standInFor(original, method);
  Object.defineProperty(method, STATE, { value: state });
  return method;
}

/** Of a handler whose errors are seen anyway, only the arguments or an explicit `@CaptureErrors` need watching. */
function needsWatching(instance: unknown, key: PropertyKey): boolean {
  const metadata = reportMetadataOf(classOf(instance), key);
  return metadata.capture !== undefined || (metadata.parameters?.length ?? 0) > 0;
}

function follow(error: unknown, instance: unknown, method: PropertyKey, args: readonly unknown[]): void {
  try {
    const call = { type: classOf(instance), method, instance, args };
    noteFailedCall(error, call);
    reportFailedCall(error, call);
  } catch {
    // Following an error must never replace it.
  }
}

function classOf(instance: unknown): ClassOf<unknown> | undefined {
  if (typeof instance === 'function') return instance as ClassOf<unknown>;
  if (typeof instance !== 'object' || instance === null) return undefined;
  return (instance as { constructor?: ClassOf<unknown> }).constructor;
}
