import type { EventOptions } from '../client/capture-options';
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
  /** What the app asks for its errors. */
  private asked?: Map<unknown, EventOptions | null>;

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
   * Asks for a report of an error of this work whatever becomes of it, or for none.
   *
   * @param said - of its event, over what decorators say; null keeps an unhandled error from being reported
   */
  ask(exception: unknown, said: EventOptions | null): void {
    (this.asked ??= new Map<unknown, EventOptions | null>()).set(exception, said);
  }

  /** What {@link ask} was told of an error; undefined where nobody asked. */
  askedOf(exception: unknown): EventOptions | null | undefined {
    return this.asked?.get(exception);
  }

  /**
   * Calls back, in this work's scope, once it is decided what becomes of an error that was noted.
   *
   * @returns false where nothing is waited for; then it is not called
   */
  whenDecided(_exception: unknown, _callback: () => void): boolean {
    return false;
  }
}
