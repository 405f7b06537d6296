import { WorkScope } from '../context/scope';
import { safeRead } from '../event/safe-read';
import type { RaisedAt } from './error-reporter';
import type { RavenApp } from './raven-app';

/** One piece of work of a Nest app, a request or a message: it knows its app, and what becomes of its errors. */
export abstract class NestWork extends WorkScope {
  /** Kind of work: `http`, `rpc` … */
  abstract readonly type: string;
  /** What the work was asked by: the framework's request, a message's data. */
  readonly request?: unknown;
  readonly response?: unknown;

  constructor(readonly app: RavenApp) {
    super();
  }

  /** Who asked, as the app put it on the request; read only when something is about to be reported. */
  get user(): unknown {
    return safeRead(this.request, 'user');
  }

  /**
   * Takes note of an error that was raised in this work. Whether it is reported is decided by what becomes of it.
   *
   * @param isStreaming - whether it was raised while the answer was being streamed
   */
  abstract note(exception: unknown, at: RaisedAt, isStreaming: boolean): void;

  /**
   * Calls back, in this work's scope, once it is decided what becomes of an error that was noted.
   *
   * @returns false where nothing is waited for; then it is not called
   */
  whenDecided(_exception: unknown, _callback: () => void): boolean {
    return false;
  }
}
