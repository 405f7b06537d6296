import type { LogLevel } from '@nestjs/common';
import type { BreadcrumbOptions } from '../client/capture-options';
import { readableText } from '../client/readable-text';
import type { Level } from '../protocol/event';
import type { LoggedLine } from './log-reporter';
import { nestArguments, readNestLine, type NestArguments } from './read-nest-line';

const LEVELS: Readonly<Record<LogLevel, Level>> = {
  verbose: 'debug',
  debug: 'debug',
  log: 'info',
  warn: 'warning',
  error: 'error',
  fatal: 'fatal',
};

/**
 * What a method of Nest's `LoggerService` was called with, as a line to report.
 *
 * @param context - the logger's own
 */
export function loggedNestLine(
  nestLevel: LogLevel,
  args: readonly unknown[],
  context: string | undefined,
): LoggedLine {
  const level = LEVELS[nestLevel];
  const given = nestArguments(args, context);
  return {
    level,
    logger: given.logger,
    read: () => readNestLine(level, given),
    crumb: () => crumbOf(given),
  };
}

/** What is no text is formatted when an event is built, if ever. */
function crumbOf({ logger, message, rest }: NestArguments): BreadcrumbOptions {
  return {
    category: logger,
    ...(rest.length > 0 && { data: { params: rest } }),
    ...(typeof message === 'string'
      ? { message }
      : { processor: (crumb) => (crumb.message = readableText(message)) }),
  };
}
