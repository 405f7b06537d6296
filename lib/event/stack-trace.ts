import type { StackTrace } from '../protocol/event';
import { safeString } from './safe-read';
import { parseStack, type FrameOptions } from './stack-frames';

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

/** The stack of this very call; this package's own frames are left out. */
export function currentStackTrace(options: FrameOptions): StackTrace | undefined {
  const frames = parseStack(new Error('stack').stack ?? '', options);
  const own = frames.findIndex(({ abs_path: path }) => path?.startsWith(`${options.ownDirectory}/`));
  const callers = own === -1 ? frames : frames.slice(0, own);
  return callers.length > 0 ? { frames: callers } : undefined;
}
