import { reportError, type HandlerKind, type RaisedAt } from './error-reporter';
import { isHandled } from './handled-errors';
import { NestWork } from './nest-work';
import { RaisedAtHost } from './raised-at-host';
import type { RavenApp } from './raven-app';

/**
 * One message, or any other work whose outcome has no status: the error itself decides whether it is reported,
 * and at once.
 */
export abstract class MessageWork extends NestWork {
  abstract override readonly type: HandlerKind;

  /** @param args - what Nest calls the handler with */
  constructor(
    app: RavenApp,
    readonly args: readonly unknown[],
  ) {
    super(app);
  }

  note(exception: unknown, at: RaisedAt): void {
    this.report(exception, at, isHandled(exception, at, this.globalFilters()));
  }

  /** The global filters that Nest asks about errors of this work. */
  protected globalFilters(): readonly object[] {
    return this.app.globalFilters();
  }

  /** Reports an error by the rule. @param handled - what the rule is told */
  protected report(exception: unknown, at: RaisedAt, handled: boolean): void {
    reportError(this.app, exception, at, {
      type: this.type,
      mechanism: `auto.${this.type}.nestjs`,
      host: new RaisedAtHost(this.type, this.args, at),
      request: this.request,
      response: this.response,
      user: this.user,
      args: this.args,
      handled,
    });
  }
}
