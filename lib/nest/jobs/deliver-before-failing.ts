import { types } from 'node:util';
import type { OnError } from '../../client/watch-outcome';
import type { RavenApp } from '../raven-app';

/**
 * Runs `fn`; what it fails with is told and delivered before it goes on to the caller, who may well end the
 * process with it. So a failure is a promise's, also where `fn` throws; who calls this has to wait for `fn`.
 */
export function deliverBeforeFailing(app: RavenApp, fn: () => unknown, onError: OnError): unknown {
  const fail = async (error: unknown): Promise<never> => {
    onError(error);
    await app.flush();
    throw error;
  };
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    return fail(error);
  }
  return types.isPromise(result) ? result.catch(fail) : result;
}
