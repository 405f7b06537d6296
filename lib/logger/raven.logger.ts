import { ConsoleLogger, type ConsoleLoggerOptions, type LogLevel } from '@nestjs/common';
import type { RavenClient } from '../client/raven.client';
import type { LogOptions } from './log-options';
import { LogReporter } from './log-reporter';
import { loggedNestLine } from './logged-nest-line';
import { validateLogOptions } from './validate-log-options';

/** Options of {@link RavenLogger}: what becomes of its lines, and all that Nest's ConsoleLogger takes. */
export interface RavenLoggerOptions extends LogOptions, ConsoleLoggerOptions {}

/**
 * Nest's ConsoleLogger, which also reports: lines of the levels `error` and `fatal` become events, those of all others
 * breadcrumbs. What was reported already, or the module decides on, is not reported again.
 *
 * `app.useLogger(app.get(RavenLogger))`; with options, or for a client with a name, made by hand. It prints as
 * ConsoleLogger does, and levels that are not printed do not count.
 */
export class RavenLogger extends ConsoleLogger {
  /** Says to who observes Nest's loggers that this one leaves breadcrumbs itself. */
  readonly recordsBreadcrumbs = true;
  private readonly reporter: LogReporter;

  /**
   * @param client - who reports
   * @throws InvalidOptionsError where one of {@link LogOptions} has a wrong value
   */
  constructor(client: RavenClient, options: RavenLoggerOptions = {}) {
    const { eventLevels, ignoreLoggers, handlers, ...printing } = options;
    // NestJS 10 takes the context beside the options only.
    super(printing.context ?? '', printing);
    const log: LogOptions = { eventLevels, ignoreLoggers, handlers };
    validateLogOptions('RavenLogger', log);
    this.reporter = new LogReporter(client, log, 'auto.log.nestjs');
  }

  override log(message: unknown, ...rest: unknown[]): void {
    super.log(message, ...rest);
    this.take('log', [message, ...rest]);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    super.error(message, ...rest);
    this.take('error', [message, ...rest]);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(message, ...rest);
    this.take('warn', [message, ...rest]);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    super.debug(message, ...rest);
    this.take('debug', [message, ...rest]);
  }

  override verbose(message: unknown, ...rest: unknown[]): void {
    super.verbose(message, ...rest);
    this.take('verbose', [message, ...rest]);
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    const isKnown = 'fatal' in ConsoleLogger.prototype;
    if (isKnown) super.fatal(message, ...rest);
    // The first releases of NestJS 10 do not know the level.
    else super.error(message, ...rest);
    this.take('fatal', [message, ...rest], isKnown ? 'fatal' : 'error');
  }

  private take(nestLevel: LogLevel, args: readonly unknown[], printedAs = nestLevel): void {
    if (!this.isLevelEnabled(printedAs)) return;
    this.reporter.take(loggedNestLine(nestLevel, args, this.context === '' ? undefined : this.context));
  }
}
