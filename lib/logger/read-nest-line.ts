import { isErrorLike } from '../event/exception-values';
import { safeRead, safeString } from '../event/safe-read';
import { readableText } from '../client/readable-text';
import type { Level } from '../protocol/event';
import { isStack } from './error-of-stack';
import type { KnownLine } from './log-reporter';

/** Where an object that is logged has its error. */
const ERROR_KEYS = ['err', 'error', 'exception'];

/** What a method of Nest's `LoggerService` was called with, as far as it takes no looking into. */
export interface NestArguments {
  readonly logger: string | undefined;
  readonly stack: string | undefined;
  readonly message: unknown;
  readonly rest: readonly unknown[];
}

/**
 * Arguments by the rules of Nest's ConsoleLogger: the last text is the context, unless it is a stack, which may also
 * stand before it.
 *
 * @param context - the logger's own
 */
export function nestArguments(args: readonly unknown[], context: string | undefined): NestArguments {
  const [message, ...rest] = args;
  let stack = takeStack(rest);
  let logger = context;
  const last = rest.at(-1);
  if (typeof last === 'string') {
    logger = last;
    rest.pop();
    stack ??= takeStack(rest);
  }
  return { logger, stack, message, rest: rest.filter((part) => part !== undefined) };
}

/** The line, looked into: where its error is, and what its text is. */
export function readNestLine(level: Level, { logger, stack, message, rest }: NestArguments): KnownLine {
  const text = typeof message === 'function' ? spoken(message as () => unknown) : message;
  const error = [text, ...rest].map(errorIn).find((found) => found !== undefined);
  const params = rest.filter((part) => part !== error);
  return {
    level,
    logger,
    message: textOf(text, error, params),
    ...(error !== undefined && { error }),
    ...(stack !== undefined && { stack }),
    ...(params.length > 0 && { params: params.length === 1 ? params[0] : params }),
    subject: error ?? text,
  };
}

function takeStack(rest: unknown[]): string | undefined {
  if (!isStack(rest.at(-1))) return undefined;
  return rest.pop() as string;
}

function errorIn(value: unknown): unknown {
  if (isErrorLike(value)) return value;
  return ERROR_KEYS.map((key) => safeRead(value, key)).find(isErrorLike);
}

function textOf(message: unknown, error: unknown, params: readonly unknown[]): string {
  if (typeof message === 'string') return message;
  if (message === error && error !== undefined) {
    const [first] = params;
    return typeof first === 'string' ? first : readableText(error);
  }
  return safeString(message, 'message') ?? safeString(message, 'msg') ?? readableText(message);
}

/** Nest takes functions for messages that are made only where they are printed; classes for their name. */
function spoken(message: () => unknown): unknown {
  try {
    return Function.prototype.toString.call(message).startsWith('class ') ? message.name : message();
  } catch {
    return '<unreadable>';
  }
}
