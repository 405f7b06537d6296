import type { RavenClient } from '../../client/raven.client';
import type { Context, ContextOwner } from '../../context/context';
import { currentScope, runInScope, type Scope } from '../../context/scope';
import { safeCopy } from '../../context/safe-copy';
import { newTrace, type PropagationContext } from '../../protocol/trace';
import type { Level } from '../../protocol/event';
import { reportError, type RaisedAt } from '../error-reporter';
import { isHandledByType } from '../handled-errors';
import { NestWork } from '../nest-work';
import type { RavenApp } from '../raven-app';

/** How a method is called that no request and no message asked for. */
export type JobKind = 'schedule' | 'event' | 'queue' | 'command' | 'cqrs' | 'lifecycle';

/** What is known of one run; read only when an event is built. */
export interface Job {
  readonly kind: JobKind;
  /** What names the run: the job's name, else class and method. */
  readonly name: string;
  /** What else an event tells of the run, by the name of its context. */
  readonly contexts?: Record<string, Record<string, unknown>>;
  /** Default `error`. */
  readonly level?: Level;
}

/**
 * One run of a method that Nest or a library calls by itself. It begins with what is set in the work it is
 * started in, where there is one, and what is set in it ends with it. Nobody answers for its errors: they
 * are reported at once, and go on to whoever called.
 */
export class JobScope extends NestWork {
  readonly type: JobKind;
  override readonly request: unknown;
  override readonly response: unknown;
  /** What a hook's code starts is part of the hook: its errors would only call the hook again. */
  readonly isQuiet = currentScope()?.isQuiet;
  private readonly outerWork: NestWork | undefined;
  private isTaken = false;

  /**
   * @param args - what the method is called with
   * @param outer - what the run is started in, and begins with; undefined for what the app has set
   */
  constructor(
    app: RavenApp,
    private readonly job: () => Job,
    kind: JobKind,
    private readonly args: readonly unknown[],
    private readonly outer: Scope | undefined,
  ) {
    super(app);
    this.type = kind;
    const work = outer?.work;
    this.outerWork = work instanceof NestWork ? work : undefined;
    this.request = this.outerWork?.request;
    this.response = this.outerWork?.response;
  }

  /**
   * Says that a known method is what this run consists of. There is one such: whatever else is called in
   * the run is called by it.
   */
  take(): boolean {
    const isFree = !this.isTaken;
    this.isTaken = true;
    return isFree;
  }

  /** Reports the error; it counts as reported in the surrounding work too, where it may come out. Never throws. */
  note(exception: unknown, at: RaisedAt): void {
    if (this.isQuiet) return;
    try {
      runInScope(this, () => this.report(exception, at));
      // Any of them may have reported it: the client of a feature.
      const clients = [...this.app.allClients];
      const reportedAs = clients
        .map((client) => this.contextOf(client).memory.reported.eventIdOf(exception, true))
        .find((eventId) => eventId !== undefined);
      if (reportedAs === undefined) return;
      for (const client of clients) {
        this.outer?.contextOf(client).memory.reported.add(exception, reportedAs);
      }
    } catch (failure) {
      this.app.client()?.complain('an error of a job could not be reported', failure);
    }
  }

  override describe(client: RavenClient): Record<string, unknown> {
    const { kind, name, contexts } = this.job();
    const surroundings = this.outerWork?.describe(client) ?? {};
    return {
      ...surroundings,
      transaction: name,
      transaction_info: { source: kind === 'lifecycle' ? 'component' : 'task' },
      contexts: { ...safeCopy(surroundings.contexts), ...contexts },
    };
  }

  /** The surrounding work's trace: what happens there and here is one story. */
  override trace(client: RavenClient): PropagationContext | undefined {
    if (!this.outerWork || !this.outer) return undefined;
    const { memory } = this.outer.contextOf(client);
    return (memory.trace ??= this.outerWork.trace(client) ?? newTrace());
  }

  protected override origin(client: ContextOwner): Context {
    return this.outer?.contextOf(client) ?? client.rootContext;
  }

  private report(exception: unknown, at: RaisedAt): string | undefined {
    const { level } = this.job();
    return reportError(this.app, exception, at, {
      type: this.type,
      mechanism: `auto.${this.type}.nestjs`,
      request: this.request,
      response: this.response,
      user: this.user,
      args: this.args,
      level,
      // What ends the process is nobody's answer to a caller.
      handled: level !== 'fatal' && isHandledByType(exception),
    });
  }
}
