import { types } from 'node:util';
import type { ExceptionValue, Json, Mechanism, StackTrace } from '../protocol/event';
import { cutText } from './cut-text';
import { contentOf, nonErrorText } from './non-error-text';
import { normalize } from './normalize';
import { className, safeRead, safeString } from './safe-read';
import { hasAppFrames, joinedTrace, stackTraceOf } from './stack-trace';
import type { FrameOptions } from './stack-frames';

/** How an exception is turned into values. */
export interface ExceptionValueOptions {
  frames: FrameOptions;
  /** How the thrown one came to be captured; its causes are `chained`. */
  mechanism: Mechanism;
  /** The stack of the call that captures it: for a value that is no Error, and for an Error whose own stack has no frame of the app. */
  callTrace?: () => StackTrace | undefined;
  /** What to say in place of an error's own message; undefined where its own will do. Must not throw. */
  messageOf?: (error: unknown) => string | undefined;
}

/** An exception with its causes. */
export interface ExceptionValues {
  /** The innermost cause first, what was thrown last. */
  values: ExceptionValue[];
  /** Causes and members of groups that are no Errors, as plain data by where they stand: `cause`, `errors[0]`. */
  others: Record<string, Json>;
  /** The same errors themselves, and causes that are no Errors; what was thrown first. */
  errors: unknown[];
}

/** Deeper and wider chains are cut: nobody reads them, and an event has its size. */
const MAX_DEPTH = 10;
const MAX_VALUES = 50;
const MAX_OTHERS = 20;
/** Of those that were not thrown themselves; of the one that was, all that a server keeps. */
const MAX_LINKED_FRAMES = 50;
const MAX_MESSAGE_LENGTH = 8192;
const MAX_TYPE_LENGTH = 256;
const DETAIL_LIMITS = { maxDepth: 3, maxListLength: 20, maxStringLength: 1024 };

/**
 * What was thrown, and what caused it, as an event carries it. Anything may be thrown.
 * Source: Sentry's exception interface; ids and parents as its rules for exception groups say.
 */
export function exceptionValues(thrown: unknown, options: ExceptionValueOptions): ExceptionValues {
  const found: ExceptionValue[] = [];
  const errors: unknown[] = [];
  const seen = new Set<unknown>();
  const others: Record<string, Json> = {};

  const tell = (source: string, value: unknown): void => {
    errors.push(value);
    // The outermost comes first.
    if (Object.keys(others).length < MAX_OTHERS)
      others[source] ??= options.messageOf?.(value) ?? normalize(value, DETAIL_LIMITS);
  };
  const visit = (
    error: unknown,
    link: { parent: number; source: string } | undefined,
    depth: number,
  ): void => {
    if (seen.has(error) || found.length >= MAX_VALUES || depth > MAX_DEPTH) return;
    seen.add(error);
    const id = found.length;
    const value = exceptionValue(error, options);
    if (link && value.stacktrace) value.stacktrace.frames = value.stacktrace.frames.slice(-MAX_LINKED_FRAMES);
    const isSynthetic = value.mechanism?.synthetic;
    const all = errorsIn(error);
    const members = all.filter(([, member]) => isErrorLike(member));
    const cause = safeRead(error, 'cause');
    found.push(value);
    errors.push(error);
    value.mechanism = link
      ? {
          type: 'chained',
          handled: options.mechanism.handled,
          source: link.source,
          exception_id: id,
          parent_id: link.parent,
        }
      : { ...options.mechanism };
    if (isSynthetic) value.mechanism.synthetic = true;
    if (members.length > 0) value.mechanism.is_exception_group = true;
    if (isErrorLike(cause)) visit(cause, { parent: id, source: 'cause' }, depth + 1);
    else if (cause !== undefined && cause !== null && isErrorLike(error)) tell('cause', cause);
    // Lists of things that are no errors at all are properties like others.
    if (members.length > 0 || isGroup(error)) {
      for (const [source, member] of all) if (!isErrorLike(member)) tell(source, member);
    }
    for (const [source, inner] of members) visit(inner, { parent: id, source }, depth + 1);
  };
  visit(thrown, undefined, 0);

  // What is no Error has no stack, and Node's own errors, of a connection for example, do not tell who asked for it.
  const [first] = found;
  if (!hasAppFrames(first.stacktrace)) {
    first.stacktrace = joinedTrace(first.stacktrace, options.callTrace?.());
  }
  if (found.length > 1 && found[0].mechanism) found[0].mechanism.exception_id = 0;
  return { values: found.reverse(), others, errors };
}

/**
 * The members of a group, with where they stand in it, and those of a `SuppressedError`. Looks at the first ones only,
 * one by one: a list may be hostile.
 */
function errorsIn(group: unknown): [source: string, error: unknown][] {
  const list = safeRead(group, 'errors');
  const length = isArray(list) ? safeRead(list, 'length') : 0;
  const errors: [string, unknown][] = [];
  for (let index = 0; index < Math.min(Number(length), MAX_VALUES); index++) {
    errors.push([`errors[${index}]`, safeRead(list, index)]);
  }
  if (typeName(group) === 'SuppressedError') {
    for (const source of ['error', 'suppressed']) errors.push([source, safeRead(group, source)]);
  }
  return errors;
}

function isGroup(error: unknown): boolean {
  return isErrorLike(error) && /^(?:Aggregate|Suppressed)Error$/.test(typeName(error));
}

function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** What raven calls an exception's message: `Type: value`, or `Type` where the value is empty. */
export function exceptionMessage(values: readonly ExceptionValue[]): string {
  const { type = 'Error', value } = values.at(-1) ?? {};
  return value ? `${type}: ${value}` : type;
}

/** Whether a value is an Error, of this realm or another, or a DOMException, or looks like one. */
export function isErrorLike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    if (types.isNativeError(value) || value instanceof Error) return true;
  } catch {
    return false;
  }
  return safeString(value, 'message') !== undefined && safeString(value, 'stack') !== undefined;
}

function exceptionValue(thrown: unknown, { frames, messageOf }: ExceptionValueOptions): ExceptionValue {
  const message = messageOf?.(thrown);
  if (isErrorLike(thrown)) {
    return {
      type: typeName(thrown),
      value: cutText(message ?? ownMessage(thrown), MAX_MESSAGE_LENGTH),
      stacktrace: stackTraceOf(thrown, frames),
    };
  }
  return {
    type: thrown === undefined || thrown === null ? 'Error' : cutText(className(thrown), MAX_TYPE_LENGTH),
    value: cutText(message ?? nonErrorText(thrown), MAX_MESSAGE_LENGTH),
    mechanism: { type: 'generic', synthetic: true },
  };
}

const BUILT_IN_NAMES: ReadonlySet<string> = new Set([
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** An error's type: `name` where it gives itself one, else its class's: few set `name` in the classes they derive. */
export function typeName(error: unknown): string {
  const name = safeString(error, 'name') ?? '';
  const ofClass = className(error);
  const isInherited = name === '' || (BUILT_IN_NAMES.has(name) && ofClass !== 'Object');
  return cutText(isInherited ? ofClass : name, MAX_TYPE_LENGTH);
}

function ownMessage(error: unknown): string {
  const message = safeRead(error, 'message');
  if (typeof message === 'string') return message;
  return message === undefined ? '' : contentOf(message);
}
