import { setTimer } from '../transport/set-timer';

/**
 * The same promise, but for one that takes too long. Nothing is held of that any more, and the process is not kept
 * alive by it.
 *
 * @throws (rejects) Error after `withinMs`
 */
export function inTime<T>(promise: PromiseLike<T>, withinMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = setTimer(() => reject(new Error(`it did not end within ${withinMs} ms`)), withinMs);
    void Promise.resolve(promise).then(resolve, reject).finally(cancel);
  });
}
