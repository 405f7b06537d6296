import { safeRead } from '../../event/safe-read';
import { runQuietly } from '../../context/scope';
import { instancesOf } from '../../nest/app-instances';
import type { RaisedAt } from '../../nest/error-reporter';
import { INTERCEPTORS_METADATA } from '../../nest/nest-metadata';
import type { RavenApp, Veto } from '../../nest/raven-app';
import type { InterceptorFilter } from './interceptor-options';

/** Under which interceptors say whether an error is not to be reported. */
export const TAKES_OUT = Symbol('nestjs-raven:takes-out');

/**
 * Has the filters of interceptors hold for what the module sees by itself, too: errors of guards, which no interceptor
 * is called for, and those that an interceptor let pass.
 */
export const filtersVeto: Veto = (app, exception, at) => {
  for (const interceptor of interceptorsAt(app, at)) {
    const takesOut = safeRead(interceptor, TAKES_OUT) as ((exception: unknown) => boolean) | undefined;
    if (takesOut?.call(interceptor, exception)) return true;
  }
  return false;
};

/** Whether one of the filters names the error. Never throws. */
export function isTakenOut(filters: readonly InterceptorFilter[], exception: unknown): boolean {
  return runQuietly(() =>
    filters.some((entry) => {
      try {
        return exception instanceof entry.type && (!entry.filter || entry.filter(exception));
      } catch {
        return false;
      }
    }),
  );
}

/** The interceptors of a handler, its class's, and the app's global ones. */
function* interceptorsAt(app: RavenApp, { handler, type }: RaisedAt): Iterable<unknown> {
  for (const holder of [handler, type]) {
    const given: unknown = holder && Reflect.getMetadata(INTERCEPTORS_METADATA, holder);
    if (!Array.isArray(given)) continue;
    for (const entry of given as unknown[])
      yield typeof entry === 'function' ? instanceOf(app, entry) : entry;
  }
  yield* app.globalInterceptors();
}

/** The interceptor that Nest made of a class. */
function instanceOf(app: RavenApp, type: object): unknown {
  for (const instance of instancesOf(app.modules)) {
    if (safeRead(instance, 'constructor') === type) return instance;
  }
  return undefined;
}
