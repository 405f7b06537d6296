import type { BreadcrumbOptions, EventOptions } from '../client/capture-options';
import type { RavenClient } from '../client/raven.client';
import { currentScope } from '../context/scope';
import { safeString } from '../event/safe-read';
import { forget, isThenable } from '../event/thenable';
import { tellsOfStart } from '../integrations/starting-lines';
import { isHandledByType } from '../nest/handled-errors';
import { liveApps } from '../nest/live-apps';
import { NestWork } from '../nest/nest-work';
import type { RavenApp } from '../nest/raven-app';
import type { Level } from '../protocol/event';
import { errorOfStack } from './error-of-stack';
import type { LogLine } from './log-line';
import type { LogOptions } from './log-options';
import { NESTS_OWN_LOGGERS } from './nests-own-loggers';

/** A line as it is known to who reports it. */
export interface KnownLine extends LogLine {
  /** What the line is about: the error, or what was thrown that is none. */
  readonly subject: unknown;
}

/** A line that was just logged; what takes time is asked for only where it is needed. */
export interface LoggedLine {
  readonly level: Level;
  readonly logger: string | undefined;
  /** Whether it only says how a request was answered. */
  readonly isOfAnswer?: boolean;
  /** Whether another source has left a breadcrumb of it. */
  readonly hasCrumb?: boolean;
  read(): KnownLine;
  crumb(): BreadcrumbOptions;
}

const EVENT_LEVELS: readonly Level[] = ['error', 'fatal'];
/** What clients of this package say themselves. */
const OWN_LOGGERS: ReadonlySet<string | undefined> = new Set(['Raven', 'RavenForwarder']);

/** Makes events and breadcrumbs of a logger's lines, whatever logger it is. Never throws. */
export class LogReporter {
  private readonly eventLevels: ReadonlySet<Level>;
  private readonly leavesCrumbs: boolean;
  /** Whether every line's logger has to be known; of some it takes time to read. */
  private readonly asksForNames: boolean;
  private isHandling = false;

  /** @param mechanism - of the events: `auto.log.<logger>` */
  constructor(
    private readonly client: RavenClient,
    private readonly options: LogOptions,
    private readonly mechanism: string,
  ) {
    this.eventLevels = new Set(options.eventLevels ?? EVENT_LEVELS);
    this.asksForNames = (options.ignoreLoggers?.length ?? 0) > 0 || options.handlers !== undefined;
    this.leavesCrumbs = client.options.breadcrumbSources.logger;
  }

  private isIgnored({ logger }: LoggedLine): boolean {
    if (OWN_LOGGERS.has(logger)) return true;
    const { ignoreLoggers = [] } = this.options;
    return (
      logger !== undefined &&
      ignoreLoggers.some((name) => (typeof name === 'string' ? name === logger : logger.search(name) !== -1))
    );
  }

  take(line: LoggedLine): void {
    try {
      if (!this.client.isEnabled() || currentScope()?.isQuiet) return;
      const isEvent = this.eventLevels.has(line.level) && !line.isOfAnswer;
      if ((isEvent || this.asksForNames) && this.isIgnored(line)) return;
      if (this.isHandled(line)) return;
      if (isEvent) {
        if (this.isLeftToModule(line)) return;
        this.report(line.read());
      }
      if (this.leavesCrumbs && !line.hasCrumb) this.leaveCrumb(line);
    } catch (error) {
      this.client.complain('a line of a log could not be reported', error);
    }
  }

  private leaveCrumb(line: LoggedLine): void {
    const crumb = line.crumb();
    if (!tellsOfStart(crumb.category, line.level)) {
      this.client.captureBreadcrumb({ level: line.level, ...crumb });
    }
  }

  /** A handler may log itself: those lines are not handed to handlers. */
  private isHandled(line: LoggedLine): boolean {
    const { handlers } = this.options;
    if (!handlers || this.isHandling) return false;
    const { logger } = line;
    if (logger === undefined || !Object.hasOwn(handlers, logger)) return false;
    this.isHandling = true;
    try {
      const answer: unknown = handlers[logger](line.read());
      if (isThenable(answer)) forget(answer);
      return answer === true;
    } catch (error) {
      this.client.complain(`the handler of the logger "${logger}" failed`, error);
      return false;
    } finally {
      this.isHandling = false;
    }
  }

  private isLeftToModule(line: LoggedLine): boolean {
    if (!NESTS_OWN_LOGGERS.has(line.logger)) return false;
    const app = this.app();
    if (!app) return false;
    const { subject, stack } = line.read();
    if (app.seen.has(subject)) return true;
    const text = stack ?? safeString(subject, 'stack');
    return text !== undefined && app.seen.ofStack(text) !== undefined;
  }

  private report(line: KnownLine): void {
    const { stack } = line;
    // A filter may well log no more than the texts of the error it was given, or a logger make another error of them.
    const thrown = stack === undefined ? undefined : this.app()?.seen.ofStack(stack);
    const error = thrown ?? line.error;
    if (error !== undefined) {
      if (this.isSettled(error)) return;
      if (stack !== undefined && this.client.hasReportedStack(stack)) return;
      const work = currentScope()?.work;
      const report = (): void => {
        if (!this.isSettled(error)) this.captureError(line, error);
      };
      if (work instanceof NestWork && work.whenDecided(error, report)) return;
      report();
    } else if (stack === undefined) {
      this.client.captureMessage(line.message, this.eventOptions(line));
    } else if (!this.client.hasReportedStack(stack)) {
      this.captureStack(line, stack);
    }
  }

  private captureStack(line: KnownLine, stack: string): void {
    const error = errorOfStack(stack);
    if (error) this.captureError(line, error);
    else
      this.rememberStack(
        line,
        this.client.captureMessage(line.message, { ...this.eventOptions(line), stack }),
      );
  }

  private captureError(line: KnownLine, error: unknown): void {
    const eventId = this.client.captureException(error, {
      ...this.eventOptions(line),
      mechanism: { type: this.mechanism, handled: true },
    });
    this.rememberStack(line, eventId);
  }

  /** The error itself may still come by. Outside of any work there is no telling that it is the same one. */
  private rememberStack({ stack }: KnownLine, eventId: string | null): void {
    if (stack !== undefined && currentScope()?.work)
      this.client.context.memory.reported.addStack(stack, eventId);
  }

  private eventOptions({ level, logger, message, error, stack, params }: KnownLine): EventOptions {
    const isError = error !== undefined || stack !== undefined;
    return {
      level,
      data: {
        level,
        ...(logger !== undefined && { logger }),
        ...(isError && { logentry: { message } }),
      },
      ...(params !== undefined && { extra: { 'log.params': params } }),
    };
  }

  /** Whether the error was reported; or was seen by the module, and is not to be reported: made for the caller, refused. */
  private isSettled(error: unknown): boolean {
    const app = this.app();
    if (app?.refused.has(error as object)) return true;
    return this.isReported(error) || (app?.seen.has(error) === true && isHandledByType(error));
  }

  /** Another client of the app may have reported it: the one of its feature. */
  private isReported(error: unknown): boolean {
    if (this.client.hasReported(error)) return true;
    for (const client of this.app()?.allClients ?? []) if (client.hasReported(error)) return true;
    return this.client.context.memory.reported.eventIdOf(error, false) !== undefined;
  }

  /** The app that the client is of. */
  private app(): RavenApp | undefined {
    for (const app of liveApps) if (app.has(this.client)) return app;
    return undefined;
  }
}
