import type { StackFrame, StackTrace } from '../protocol/event';
import { collapseFrames } from './collapse-frames';
import { safeString } from './safe-read';
import { ownFrame, startingPart } from '../protocol/shared-frames';
import { isOwn, parseStack, type FrameOptions } from './stack-frames';

/** Servers keep the last 250 frames of a stack. */
const MAX_FRAMES = 250;

/** The stack of an error, or undefined where it has none that can be read. */
export function stackTraceOf(error: unknown, options: FrameOptions): StackTrace | undefined {
  const stack = safeString(error, 'stack');
  if (stack === undefined) return undefined;
  const frames = parseStack(stack, options, safeString(error, 'message'));
  if (!options.addLocals) return traceOf(frames, options);
  const own = frames.map(ownFrame);
  options.addLocals(error, own);
  return traceOf(own, options);
}

/** A stack given as text. */
export function stackTrace(stack: string, options: FrameOptions, message?: string): StackTrace | undefined {
  return traceOf(parseStack(stack, options, message), options);
}

/** Collapsed where that is asked for, and no longer than servers keep. */
function traceOf(frames: StackFrame[], options: FrameOptions): StackTrace | undefined {
  const kept = (options.collapse ? collapseFrames(frames, options) : frames).slice(-MAX_FRAMES);
  return kept.length > 0 ? { frames: kept } : undefined;
}

/**
 * A stack of Node's own under that of the call which captured its error: who called comes first, and the first
 * frame of the error begins a part of its own. The error's own where the call's has no frame of the app, which it tells.
 */
export function joinedTrace(
  own: StackTrace | undefined,
  call: StackTrace | undefined,
): StackTrace | undefined {
  if (!own) return call;
  if (!call || !hasAppFrames(call)) return own;
  const [first, ...rest] = own.frames;
  return { frames: [...call.frames, startingPart(first), ...rest].slice(-MAX_FRAMES) };
}

/** Whether any frame of a stack is the app's own. */
export function hasAppFrames(trace: StackTrace | undefined): boolean {
  return trace?.frames.some((frame) => frame.in_app) ?? false;
}

/** The stack of this very call; the frames that lead from the caller into this package are left out. */
export function currentStackTrace(options: FrameOptions): StackTrace | undefined {
  // Whatever an app has made of `Error.prepareStackTrace`: a stack may be no text, or reading it may throw.
  const frames = parseStack(safeString(new Error('stack'), 'stack') ?? '', options);
  let end = frames.length;
  while (end > 0 && isInside(frames[end - 1], options)) end -= 1;
  return traceOf(frames.slice(0, end), options);
}

/** Where Node keeps AsyncLocalStorage, by its versions: this package builds events in a scope of its own. */
const SCOPE_ENTRY = /^node:(?:async_hooks|internal\/async_local_storage)/;

/** This package's own frames, and those in between: of the language (`Array.map (<anonymous>)`), and where a scope is entered. */
function isInside({ abs_path: path }: StackFrame, options: FrameOptions): boolean {
  return path === undefined || SCOPE_ENTRY.test(path) || isOwn(path, options);
}
