import type { StackFrame, StackTrace } from './event';

/**
 * Frames that events have in common: the same lines of stacks come again and again. They are frozen, and what is
 * known of one holds for all events that have it. Whoever may change an event gets frames of its own first.
 */
const shared = new WeakSet<StackFrame>();

/** The same frames at the beginning of an async part. */
const startingParts = new WeakMap<StackFrame, StackFrame>();

/** Makes a frame one that events may have in common. */
export function shareFrame(frame: StackFrame): StackFrame {
  for (const value of Object.values(frame)) Object.freeze(value);
  shared.add(Object.freeze(frame));
  return frame;
}

export function isShared(frame: StackFrame): boolean {
  return shared.has(frame);
}

/** The frame as the first of an async part. */
export function startingPart(frame: StackFrame): StackFrame {
  if (frame.stack_start) return frame;
  if (!isShared(frame)) return { ...frame, stack_start: true };
  let starting = startingParts.get(frame);
  if (!starting) startingParts.set(frame, (starting = shareFrame({ ...frame, stack_start: true })));
  return starting;
}

/** A frame that only its event has. */
export function ownFrame(frame: StackFrame): StackFrame {
  if (!isShared(frame)) return frame;
  // Not by spreading: V8 takes 30 times as long to add to what is made so.
  const own = Object.assign({}, frame);
  if (own.pre_context) own.pre_context = own.pre_context.slice();
  if (own.post_context) own.post_context = own.post_context.slice();
  return own;
}

/** Gives an event frames of its own, in place: for what others may change. */
export function withOwnFrames<Event extends object>(event: Event): Event {
  for (const stacktrace of stackTracesOf(event)) stacktrace.frames = stacktrace.frames.map(ownFrame);
  return event;
}

/** All stacks of an event, whoever wrote them: those of threads, its own, those of exceptions. */
export function stackTracesOf(event: object): StackTrace[] {
  const { threads, exception } = event as Record<'threads' | 'exception', { values?: unknown } | undefined>;
  const holders: unknown[] = [...listOf(threads?.values), event, ...listOf(exception?.values)];
  return holders
    .map((holder) => (holder as { stacktrace?: StackTrace | null } | null)?.stacktrace)
    .filter((stacktrace): stacktrace is StackTrace => Array.isArray(stacktrace?.frames));
}

function listOf(list: unknown): unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [];
}
