import {
  Injectable,
  Optional,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import type { EventOptions } from '../../client/capture-options';
import type { RavenClient } from '../../client/raven.client';
import { currentScope, runQuietly } from '../../context/scope';
import type { HandlerKind } from '../../nest/error-reporter';
import { appOf, appOfWork } from '../../nest/live-apps';
import { NestWork } from '../../nest/nest-work';
import { noteException } from '../../nest/note-exception';
import type { ClassOf } from '../../raven.options';
import { EventData } from './event-data';
import { processorOf, type EventProcessor } from './event-processor';
import { filtersVeto, isTakenOut, TAKES_OUT } from './filters-veto';
import type { InterceptorOptions } from './interceptor-options';
import { messageExtra } from './message-extra';
import { Scope } from './scope';
import { warnOfInterceptorOptions } from './warn-of-interceptor-options';

/**
 * Reports each error that passes it, also those that are meant for the caller, unless a filter names it. Where several
 * see one, the innermost says what goes along with it.
 *
 * The module sees the same errors: this says that they are wanted, and it reports them once.
 */
@Injectable()
export class ReportingInterceptor implements NestInterceptor {
  constructor(@Optional() protected readonly options: InterceptorOptions = {}) {}

  /**
   * The answer of {@link shouldReport}; where that fails, the error is reported.
   *
   * @internal
   */
  [TAKES_OUT](exception: unknown): boolean {
    return runQuietly(() => {
      try {
        return !this.shouldReport(exception);
      } catch {
        return false;
      }
    });
  }

  /** Whether an error is to be reported: one that no filter names. A class of the app's may say it otherwise. */
  shouldReport(exception: unknown): boolean {
    return !isTakenOut(this.options.filters ?? [], exception);
  }

  /** Lets everything through as it is. */
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(tap({ error: (exception: unknown) => this.see(exception, context) }));
  }

  /** Says of an event what comes with the call; the same as its scope does. */
  protected describe(_scope: Scope, _context: ExecutionContext): void {}

  /** Never throws: the app's own error is to go on. */
  private see(exception: unknown, context: ExecutionContext): void {
    const type = context.getClass<unknown>() as ClassOf<unknown>;
    const app = appOfWork() ?? appOf(undefined, type);
    const client = app?.client();
    if (!app || !client?.isEnabled()) return;
    try {
      app.vetoes.add(filtersVeto);
      warnOfInterceptorOptions(app, this.constructor.name, this.options);
      if (this[TAKES_OUT](exception)) return;
      const work = currentScope()?.work;
      if (work instanceof NestWork) {
        if (work.askedOf(exception)) return;
        work.ask(exception, this.said(exception, context, client));
      }
      const kind = context.getType<HandlerKind>();
      // The result of its operation tells of a resolver's error.
      if (kind === 'graphql') return;
      const handler = context.getHandler() as (...args: never[]) => unknown;
      noteException(exception, { kind, type, handler, handlerName: handler.name }, false, app);
    } catch (failure) {
      client.complain('an error could not be reported', failure);
    }
  }

  private said(exception: unknown, context: ExecutionContext, client: RavenClient): EventOptions {
    const data = new EventData();
    const processors: EventProcessor[] = [];
    const scope = new Scope(data, (crumb) => client.captureBreadcrumb(crumb), processors);
    const { level, fingerprint, extra = {}, tags = {} } = this.options;
    scope.setExtras({ ...messageExtra(context, client.options.sendDefaultPii), ...extra }).setTags(tags);
    if (level) scope.setLevel(level);
    if (fingerprint) scope.setFingerprint(fingerprint);
    try {
      this.describe(scope, context);
    } catch (failure) {
      client.complain('a transformer failed', failure);
    }
    const processor = processorOf(processors, { originalException: exception });
    return { ...data.options(), ...(processor && { processor }) };
  }
}
