import type { StackFrame, StackTrace } from '../protocol/event';
import { safeString } from './safe-read';
import { isOwn, parseStack, type FrameOptions } from './stack-frames';

/** The stack of an error, or undefined where it has none that can be read. */
export function stackTraceOf(error: unknown, options: FrameOptions): StackTrace | undefined {
  const stack = safeString(error, 'stack');
  if (stack === undefined) return undefined;
  return stackTrace(stack, options, safeString(error, 'message'));
}

/** A stack given as text. */
export function stackTrace(stack: string, options: FrameOptions, message?: string): StackTrace | undefined {
  const frames = parseStack(stack, options, message);
  return frames.length > 0 ? { frames } : undefined;
}

/** The stack of this very call; the frames that lead from the caller into this package are left out. */
export function currentStackTrace(options: FrameOptions): StackTrace | undefined {
  // Whatever an app has made of `Error.prepareStackTrace`: a stack may be no text, or reading it may throw.
  const frames = parseStack(safeString(new Error('stack'), 'stack') ?? '', options);
  let end = frames.length;
  while (end > 0 && isInside(frames[end - 1], options)) end -= 1;
  return end > 0 ? { frames: frames.slice(0, end) } : undefined;
}

/** Where Node keeps AsyncLocalStorage, by its versions: this package builds events in a scope of its own. */
const SCOPE_ENTRY = /^node:(?:async_hooks|internal\/async_local_storage)/;

/** This package's own frames, and those in between: of the language (`Array.map (<anonymous>)`), and where a scope is entered. */
function isInside({ abs_path: path }: StackFrame, options: FrameOptions): boolean {
  return path === undefined || SCOPE_ENTRY.test(path) || isOwn(path, options);
}
