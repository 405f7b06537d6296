import { safeRead } from './safe-read';

/** Whether a value has to be waited for: a promise of this realm, another one, or a library's. Never throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof safeRead(value, 'then') === 'function';
}

/** Sees to it that a promise nobody waits for does not end the process by rejecting. */
export function forget(promise: PromiseLike<unknown>): void {
  Promise.resolve(promise).catch(() => undefined);
}
