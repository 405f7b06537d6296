import onHeaders from 'on-headers';
import { runInScope } from '../../context/scope';
import { RaisedAtHost } from '../raised-at-host';
import { reportError, type RaisedAt } from '../error-reporter';
import { isHandledByType } from '../handled-errors';
import type { HttpScope } from './http-scope';

/** An error of a request whose answer is not known yet. */
interface NotedError {
  exception: unknown;
  at: RaisedAt;
  /** Whether it was raised while the answer was being streamed: then a 2xx does not mean that it was handled. */
  isStreaming: boolean;
  /** Called once it is decided on. */
  callbacks?: (() => void)[];
}

/**
 * What becomes of a request in which an error was raised: the answer's status decides whether it is
 * reported. It is known when the headers are about to be written, which is also the last moment to put the
 * event's id among them; or when the connection closes without an answer.
 */
export class HttpOutcome {
  private readonly noted: unknown[] = [];
  private waiting: NotedError[] = [];

  constructor(private readonly scope: HttpScope) {}

  /** Takes note of an error; the same one seen again at a later door changes nothing. */
  note(exception: unknown, at: RaisedAt, isStreaming: boolean): void {
    if (this.noted.some((known) => Object.is(known, exception))) return;
    this.noted.push(exception);
    this.scope.app.seen.add(exception);
    const error: NotedError = { exception, at, isStreaming };
    const { app, rawResponse } = this.scope;
    if (rawResponse.headersSent || rawResponse.destroyed || rawResponse.writableEnded) {
      this.decide(error, undefined);
      return;
    }
    if (this.waiting.push(error) > 1) return;
    app.undecided.add(this);
    onHeaders(rawResponse, () => this.settle(rawResponse.statusCode));
    rawResponse.once('close', () => this.settle(undefined));
  }

  /** See `NestWork.whenDecided`. */
  whenDecided(exception: unknown, callback: () => void): boolean {
    const error = this.waiting.find((waiting) => Object.is(waiting.exception, exception));
    if (error) (error.callbacks ??= []).push(callback);
    return error !== undefined;
  }

  /** Decides on all that waits. @param statusCode - what is being answered; undefined for no answer */
  settle(statusCode: number | undefined): void {
    const { waiting } = this;
    this.waiting = [];
    this.scope.app.undecided.delete(this);
    for (const error of waiting) this.decide(error, statusCode);
  }

  /** Never throws: it runs where Node writes the headers. */
  private decide(error: NotedError, statusCode: number | undefined): void {
    const { app, rawResponse } = this.scope;
    try {
      const handled = isHandled(error, statusCode);
      const isOfNoInterest = handled && !error.callbacks && !app.asksAboutHandled;
      if (isOfNoInterest && !this.scope.askedOf(error.exception)) return;
      const eventId = runInScope(this.scope, () => this.report(error, statusCode, handled));
      const isExposed = statusCode !== undefined && statusCode >= 500 && app.client()?.options.exposeEventId;
      if (eventId !== undefined && isExposed) rawResponse.setHeader('x-sentry-id', eventId);
      for (const callback of error.callbacks ?? []) runInScope(this.scope, callback);
    } catch (failure) {
      app.client()?.complain('an error of a request could not be reported', failure);
    }
  }

  private report(
    { exception, at }: NotedError,
    statusCode: number | undefined,
    handled: boolean,
  ): string | undefined {
    const { app, request, response } = this.scope;
    return reportError(app, exception, at, {
      type: 'http',
      mechanism: 'auto.http.nestjs',
      host: new RaisedAtHost('http', [request, response], at),
      request,
      response,
      user: this.scope.user,
      args: [request, response],
      statusCode,
      handled,
    });
  }
}

/** By the status of the answer; where there is none, or it was begun before the error, by the error's type. */
function isHandled({ exception, isStreaming }: NotedError, statusCode: number | undefined): boolean {
  const isAnswered = statusCode !== undefined && !(isStreaming && statusCode < 400);
  return isAnswered ? statusCode < 500 : isHandledByType(exception);
}
