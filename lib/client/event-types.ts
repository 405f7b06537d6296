import type { ClassOf } from '../raven.options';
import { errorContexts, errorMessage } from '../event/errors/error-details';
import type { DetailOptions } from '../event/errors/error-kind';
import { exceptionMessage, exceptionValues } from '../event/exception-values';
import type { FrameOptions } from '../event/stack-frames';
import { currentStackTrace } from '../event/stack-trace';
import type { ExceptionValue, Mechanism, RavenEvent } from '../protocol/event';
import type { CaptureOptions } from './capture-options';
import { withDeepStacks } from './deep-stacks';
import { readableText } from './readable-text';

/**
 * A kind of event: it gives the fields that its options stand for.
 *
 * An app may have its own: a class (from Nest's container where it is a provider, else made with
 * `new Class(client)`), or a plain function. Source: raven-python's `raven.events`.
 */
export interface EventType {
  /** @returns the event's own fields; those that data or context already have are left as they are */
  capture(options: CaptureOptions): Partial<RavenEvent>;
}

/** A kind of event as a plain function. */
export type EventTypeFunction = (options: CaptureOptions) => Partial<RavenEvent>;

/** A kind of event as `capture` takes it: `'Message'`, `'raven.events.Message'`, a class or a function. */
export type EventTypeOption = string | ClassOf<EventType> | EventType | EventTypeFunction;

/** A message: `message`, `params`, `formatted`. */
function messageEvent(options: CaptureOptions): Partial<RavenEvent> {
  const message = readableText(options.message);
  const formatted = options.formatted === undefined ? undefined : readableText(options.formatted);
  return {
    message: formatted ?? message,
    logentry: {
      message,
      ...(options.params !== undefined && { params: options.params }),
      ...(formatted !== undefined && { formatted }),
    },
  };
}

/** A database query: `query`, `params`, `engine`. Today's servers have no place of its own for it: it travels as a message. */
function queryEvent(options: CaptureOptions): Partial<RavenEvent> {
  const query = readableText(options.query);
  return {
    message: query,
    logentry: { message: query, ...(options.params !== undefined && { params: options.params }) },
    ...(options.engine !== undefined && { contexts: { query: { engine: options.engine } } }),
  };
}

/** What an exception tells of itself. */
export interface ExceptionEventOptions extends DetailOptions {
  frames: FrameOptions;
  /** Whether errors have contexts of their own. */
  errorDetails: boolean;
}

/** An exception: `exception` (anything that was thrown), `mechanism`. */
function exceptionEvent(options: CaptureOptions, told: ExceptionEventOptions): Partial<RavenEvent> {
  const { values, others, errors } = exceptionValues(options.exception, {
    frames: told.frames,
    messageOf: (error) => errorMessage(error, told),
    mechanism: (options.mechanism as Mechanism | undefined) ?? { type: 'generic', handled: true },
    // What the module saw was raised where it looked, not where it captures.
    callTrace:
      options.captureContext === undefined
        ? () => withDeepStacks(() => currentStackTrace(told.frames))
        : undefined,
  });
  return {
    message: exceptionMessage(values as ExceptionValue[]),
    exception: { values },
    ...(told.errorDetails && { contexts: errorContexts(errors, told) }),
    ...(Object.keys(others).length > 0 && { extra: others }),
  };
}

/** The kinds that every client knows, by their short name. */
export function builtInEventTypes(told: ExceptionEventOptions): ReadonlyMap<string, EventTypeFunction> {
  return new Map<string, EventTypeFunction>([
    ['Message', messageEvent],
    ['Query', queryEvent],
    ['Exception', (options) => exceptionEvent(options, told)],
  ]);
}
