import { cutText } from '../event/cut-text';
import { isErrorLike, typeName } from '../event/exception-values';
import { ownKeys } from '../event/errors/plain-mapping';
import { safeRead, safeString } from '../event/safe-read';
import type { BreadcrumbOptions } from '../client/capture-options';
import { readableText } from '../client/readable-text';
import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import { writesLine } from '../integrations/logger-breadcrumbs';
import { errorOfStack } from '../logger/error-of-stack';
import type { KnownLine, LoggedLine } from '../logger/log-reporter';
import type { Level } from '../protocol/event';
import { errorOfSerialized } from './serialized-error';

/** What pino tells a stream beside the line. */
export interface PinoMetadata {
  /** What was logged, with the error itself. */
  object: unknown;
  /** The message, formatted. */
  message: unknown;
}

type Written = Record<string, unknown>;

/** Longer lines are not kept for breadcrumbs; their message is. */
const MAX_KEPT_LENGTH = 8192;
const MAX_MESSAGE_LENGTH = 1024;
const ERROR_KEYS = ['err', 'error', 'exception'];
/** What an event says elsewhere. The request is the module's to tell of, which knows what of it may be sent. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'name',
  'context',
  'msg',
  'req',
  'res',
  'v',
]);

/** A line that pino has written. It is parsed only where that is needed: for an event, or in a breadcrumb of one. */
export class PinoLine implements LoggedLine {
  /** Nest's Logger has it written: that leaves the breadcrumb. */
  readonly hasCrumb = writesLine();
  private written?: Written;

  /**
   * @param line - the JSON text
   * @param metadata - what pino told beside it, where it did
   */
  constructor(
    private readonly line: string,
    readonly level: Level,
    private readonly metadata?: PinoMetadata,
  ) {}

  get logger(): string | undefined {
    return loggerOf(this.parsed());
  }

  read(): KnownLine {
    const written = this.parsed();
    const error = this.error(written);
    const message = this.message() ?? (error === undefined ? this.line : readableText(error));
    const params = paramsOf(written);
    // nestjs-pino makes an error of its own where Nest's Logger is given a text and a stack.
    const stack = this.hasCrumb ? safeString(error, 'stack') : undefined;
    const isGenuine = stack === undefined || !isMadeOfTexts(error, stack);
    return {
      level: this.level,
      logger: loggerOf(written),
      message,
      ...(error !== undefined && isGenuine && { error }),
      ...(stack !== undefined && { stack }),
      ...(params && { params }),
      subject: error ?? message,
    };
  }

  crumb(): BreadcrumbOptions {
    const message = this.message();
    if (this.line.length > MAX_KEPT_LENGTH) {
      return { message: copyOf(cutText(message ?? this.line, MAX_MESSAGE_LENGTH)) };
    }
    return { message, data: { line: this.line }, processor: fillIn };
  }

  /** Whether it only says that a request was answered with an error, as pino-http does with an Error of its own making. */
  get isOfAnswer(): boolean {
    const holder = this.metadata?.object ?? this.parsed();
    return (
      typeof safeRead(holder, 'responseTime') === 'number' &&
      (safeString(safeRead(holder, 'err'), 'message')?.startsWith('failed with status code ') ?? false)
    );
  }

  private message(): string | undefined {
    if (this.metadata === undefined) return messageOf(this.parsed());
    const { message, object } = this.metadata;
    return message === undefined ? safeString(object, 'msg') : readableText(message);
  }

  private error(written: Written): unknown {
    if (this.metadata) {
      const { object } = this.metadata;
      const found = [object, ...ERROR_KEYS.map((key) => safeRead(object, key))].find(isErrorLike);
      if (found !== undefined) return found;
    }
    return ERROR_KEYS.map((key) => errorOfSerialized(written[key])).find((error) => error !== undefined);
  }

  private parsed(): Written {
    return (this.written ??= parse(this.line));
  }
}

/** Whether an error is a plain one whose stack begins as that of another. */
function isMadeOfTexts(error: unknown, stack: string): boolean {
  if (typeName(error) !== 'Error' || ownKeys(error, 1).length > 0 || safeRead(error, 'cause') !== undefined)
    return false;
  const head = errorOfStack(stack);
  return head !== undefined && (head.name !== 'Error' || head.message !== safeString(error, 'message'));
}

function fillIn(crumb: BreadcrumbDraft): void {
  const line = crumb.data?.line;
  if (typeof line !== 'string') return;
  const written = parse(line);
  crumb.category ??= loggerOf(written) ?? null;
  crumb.message ??= messageOf(written) ?? null;
  crumb.data = paramsOf(written) ?? null;
}

function parse(line: string): Written {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Written) : {};
  } catch {
    return {};
  }
}

/** nestjs-pino calls the logger's name `context`. */
function loggerOf(written: Written): string | undefined {
  return safeString(written, 'context') ?? safeString(written, 'name');
}

function messageOf(written: Written): string | undefined {
  return safeString(written, 'msg');
}

/** As they were written: what the app has pino redact, or serializes, stays so. */
function paramsOf(written: Written): Written | undefined {
  const others = Object.entries(written).filter(
    ([key, value]) => !KNOWN_KEYS.has(key) && !(ERROR_KEYS.includes(key) && errorOfSerialized(value)),
  );
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

/** A part of a text would keep all of it in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
