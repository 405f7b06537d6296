import { types } from 'node:util';
import { isObservable, Observable } from 'rxjs';

/** Told of an error on its way to the caller; must not throw. */
export type OnError = (error: unknown) => void;

/**
 * Runs `fn` and tells of whatever error it ends with: thrown, or by its promise, Observable, generator or
 * async generator. The error then goes its way as it would have. Success costs one call, and for a promise
 * one more promise.
 *
 * Left as they are, since watching them would change what they are: thenables that are no promises (a query
 * builder runs when `then` is called) and Subjects.
 */
export function watchOutcome<T>(fn: () => T, onError: OnError): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    onError(error);
    throw error;
  }
  try {
    return watched(result, onError) as T;
  } catch {
    // A value that cannot be asked what it is, as a proxy that throws.
    return result;
  }
}

function watched(result: unknown, onError: OnError): unknown {
  if (typeof result !== 'object' || result === null) return result;
  if (types.isPromise(result)) {
    return result.then(undefined, (error: unknown) => {
      onError(error);
      throw error;
    });
  }
  if (isObservable(result)) return isSubject(result) ? result : watchedObservable(result, onError);
  if (isGenerator(result)) return watchedGenerator(result, onError);
  return result;
}

function isSubject(observable: object): boolean {
  return typeof (observable as { next?: unknown }).next === 'function';
}

function watchedObservable(source: Observable<unknown>, onError: OnError): Observable<unknown> {
  return new Observable((subscriber) =>
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => {
        onError(error);
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    }),
  );
}

type AnyGenerator = Pick<AsyncGenerator | Generator, 'next' | 'return' | 'throw'>;

function isGenerator(value: object): value is AnyGenerator {
  return types.isGeneratorObject(value);
}

/** A generator that behaves as `source` does, for sync and async ones alike. */
function watchedGenerator(source: AnyGenerator, onError: OnError): AnyGenerator {
  const watchedStep =
    (step: 'next' | 'return' | 'throw') =>
    (...values: unknown[]): unknown =>
      watchOutcome(() => Reflect.apply(source[step], source, values) as unknown, onError);
  return Object.assign(Object.create(source) as AnyGenerator, {
    next: watchedStep('next'),
    return: watchedStep('return'),
    throw: watchedStep('throw'),
  });
}
