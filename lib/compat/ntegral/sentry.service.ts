import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { RavenClient } from '../../client/raven.client';
import { tellsOfStart } from '../../integrations/starting-lines';
import { loggedNestLine } from '../../logger/logged-nest-line';
import { LogReporter } from '../../logger/log-reporter';
import { instancesOf } from '../../nest/app-instances';
import { appOfWork, liveApps } from '../../nest/live-apps';
import { LEVELS } from '../../protocol/event';
import { sentryApi, type SentryApi } from './sentry-api';
import { printingOf, type SentryModuleOptions } from './sentry-module.options';

/**
 * The service of @ntegral/nestjs-sentry over this package's client: it prints as Nest's ConsoleLogger does, and reports
 * each line as an event, or where its last argument is true as a breadcrumb. Levels that are not printed do not count;
 * an error that the module or anybody else has reported is not reported again, and what Nest says of its start never.
 */
export class SentryService extends ConsoleLogger {
  /** Says to who observes Nest's loggers that this one leaves breadcrumbs itself. */
  readonly recordsBreadcrumbs = true;
  private readonly prefix: string;
  private reporters?: { client: RavenClient; events: LogReporter; crumbs: LogReporter };

  /** @param own - who reports; without one it is the client of the app whose work this is, or of the newest app */
  constructor(
    private readonly own?: RavenClient,
    options: SentryModuleOptions = {},
  ) {
    // NestJS 10 takes the context beside the options only.
    super('', printingOf(options));
    this.prefix = options.prefix ?? '';
  }

  /** The service of the newest app, for `app.useLogger`; before there is one, a service that finds its app by itself. */
  static SentryServiceInstance(): SentryService {
    for (const app of [...liveApps].reverse()) {
      for (const instance of instancesOf(app.modules)) if (instance instanceof SentryService) return instance;
    }
    return new SentryService();
  }

  /** What @sentry/node's own functions do, as far as errors are concerned. */
  instance(): SentryApi {
    return sentryApi(() => this.client);
  }

  /** Prints and reports a line. @param rest - the context, and whether the line is a breadcrumb instead of an event */
  override log(message: unknown, ...rest: unknown[]): void {
    this.write('log', message, rest);
  }

  /** Prints and reports a line. @param rest - the stack, and the context */
  override error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  /** Prints and reports a line. @param rest - the context, and whether the line is a breadcrumb instead of an event */
  override warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  /** Prints and reports a line. @param rest - the context, and whether the line is a breadcrumb instead of an event */
  override debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  /** Prints and reports a line. @param rest - the context, and whether the line is a breadcrumb instead of an event */
  override verbose(message: unknown, ...rest: unknown[]): void {
    this.write('verbose', message, rest);
  }

  /** Prints and reports a line. @param rest - the stack, and the context */
  override fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private get client(): RavenClient | undefined {
    return this.own ?? (appOfWork() ?? [...liveApps].at(-1))?.client();
  }

  private write(level: LogLevel, message: unknown, given: unknown[]): void {
    const asBreadcrumb = given.at(-1) === true;
    const rest = typeof given.at(-1) === 'boolean' ? given.slice(0, -1) : given;
    const args = [typeof message === 'string' ? `${this.prefix}${message}` : message, ...rest];
    // The first releases of NestJS 10 do not know the level `fatal`.
    const printed = level in ConsoleLogger.prototype ? level : 'error';
    Reflect.apply(ConsoleLogger.prototype[printed], this, args);
    if (!this.isLevelEnabled(printed)) return;
    const line = loggedNestLine(level, args, undefined);
    const isCrumb = asBreadcrumb || tellsOfStart(line.logger, line.level);
    this.reportersOf(this.client)?.[isCrumb ? 'crumbs' : 'events'].take(line);
  }

  private reportersOf(client: RavenClient | undefined): SentryService['reporters'] {
    if (!client || this.reporters?.client === client) return client && this.reporters;
    const reporter = (eventLevels: typeof LEVELS | []): LogReporter =>
      new LogReporter(client, { eventLevels }, 'auto.log.nestjs');
    return (this.reporters = { client, events: reporter(LEVELS), crumbs: reporter([]) });
  }
}
