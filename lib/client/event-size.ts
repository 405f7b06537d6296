import { cutText } from '../event/cut-text';
import { isShared } from '../protocol/shared-frames';
import { sharedJson } from '../protocol/event-json';
import { jsonLine } from '../protocol/json-line';
import { longestJson } from './longest-json';
import type { ExceptionValue, RavenEvent, StackFrame, StackTrace } from '../protocol/event';

/** Servers refuse an event of more than 1 MiB. */
const MAX_BYTES = 1024 * 1024;
const SOME_FRAMES = 50;
const FEW_FRAMES = 20;
const FEW_BREADCRUMBS = 10;
const FEW_EXCEPTIONS = 10;
const SHORT_VALUE = 1024;
/** Names and brackets around a part. */
const AROUND = 64;

type Smaller = (event: RavenEvent) => RavenEvent;

/**
 * Ever less of an event, in the order that docs/events.md tells: what tells least goes first. Type, message and
 * stack of what was thrown stay.
 */
const SMALLER: readonly Smaller[] = [
  (event) => withFrames(event, (frames) => frames.map(({ vars: _, ...frame }) => frame)),
  (event) => withBreadcrumbs(event, (values) => values.map((crumb) => ({ ...crumb, data: null }))),
  (event) => ({ ...event, extra: {} }),
  ({ request, ...event }) => ({ ...event, ...(request && { request: { ...request, data: undefined } }) }),
  (event) => withFrames(event, withoutMiddleLines),
  (event) => withFrames(event, (frames) => withoutMiddle(frames, SOME_FRAMES)),
  (event) => withBreadcrumbs(event, (values) => values.slice(-FEW_BREADCRUMBS)),
  ({ modules: _, user, request, contexts, logentry, ...event }) => ({
    ...event,
    ...(user && { user: { ...user, data: undefined } }),
    ...(request && { request: { method: request.method, url: request.url } }),
    ...(contexts && { contexts: mainContexts(contexts) }),
    ...(logentry && { logentry: { ...logentry, params: undefined } }),
  }),
  ({ breadcrumbs: _, debug_meta: _images, ...event }) => ({
    ...withFrames(event as RavenEvent, (frames) => withoutMiddle(frames, FEW_FRAMES).map(withoutLines)),
    ...(event.exception && { exception: { values: event.exception.values.slice(-FEW_EXCEPTIONS) } }),
  }),
  ({ threads, ...event }) => ({
    ...event,
    ...(threads && !event.exception && { threads: { values: threads.values.slice(0, 1) } }),
    ...(event.exception && {
      exception: { values: event.exception.values.slice(-FEW_EXCEPTIONS).map(shortException) },
    }),
  }),
];

/** The event, or as much of it as a server takes. */
export function withinEventSize(event: RavenEvent): RavenEvent {
  let small = event;
  for (const smaller of SMALLER) {
    if (atMost(small) <= MAX_BYTES) break;
    if (Buffer.byteLength(jsonLine(small) ?? '') <= MAX_BYTES) break;
    small = smaller(small);
  }
  return small;
}

/** No less than its bytes. Frames that events have in common are measured once. */
function atMost(event: RavenEvent): number {
  const { exception, ...rest } = event;
  const values: unknown = exception?.values;
  if (!Array.isArray(values)) return longestJson(event, MAX_BYTES);
  let bytes = longestJson(rest, MAX_BYTES) + AROUND;
  for (const value of values as ExceptionValue[]) {
    const frames = value?.stacktrace?.frames;
    if (!Array.isArray(frames) || !frames.every(isShared)) bytes += longestJson(value, MAX_BYTES) + AROUND;
    else {
      bytes += longestJson({ ...value, stacktrace: undefined }, MAX_BYTES) + AROUND;
      for (const frame of frames) bytes += sharedJson(frame).byteLength + 1;
    }
  }
  return bytes;
}

/** What a user wrote is what feedback is for. */
function mainContexts({ trace, feedback }: NonNullable<RavenEvent['contexts']>): RavenEvent['contexts'] {
  return { ...(trace && { trace }), ...(feedback && { feedback }) };
}

function withBreadcrumbs(
  event: RavenEvent,
  change: (values: NonNullable<RavenEvent['breadcrumbs']>['values']) => typeof values,
): RavenEvent {
  if (!Array.isArray(event.breadcrumbs?.values)) return event;
  return { ...event, breadcrumbs: { values: change(event.breadcrumbs.values) } };
}

/** Changes the frames of all stacks. */
function withFrames(event: RavenEvent, change: (frames: StackFrame[]) => StackFrame[]): RavenEvent {
  return {
    ...event,
    ...(event.exception && { exception: { values: event.exception.values.map(withStack) } }),
    ...(event.threads && { threads: { values: event.threads.values.map(withStack) } }),
  };
  function withStack<Holder extends { stacktrace?: StackTrace }>(holder: Holder): Holder {
    if (!Array.isArray(holder?.stacktrace?.frames)) return holder;
    return { ...holder, stacktrace: { ...holder.stacktrace, frames: change(holder.stacktrace.frames) } };
  }
}

/** The throw and where it all began tell most; of what is between, the app's own frames. */
function middleOf(frames: readonly StackFrame[], kept: number): ReadonlySet<StackFrame> {
  const outer = Math.floor(kept / 5);
  const middle = frames.slice(outer, frames.length - (kept - outer));
  const surplus = frames.length - kept;
  const foreignFirst = middle.toSorted((a, b) => Number(a.in_app === true) - Number(b.in_app === true));
  return new Set(foreignFirst.slice(0, Math.max(0, surplus)));
}

function withoutMiddle(frames: StackFrame[], kept: number): StackFrame[] {
  if (frames.length <= kept) return frames;
  const middle = middleOf(frames, kept);
  return frames.filter((frame) => !middle.has(frame));
}

function withoutMiddleLines(frames: StackFrame[]): StackFrame[] {
  if (frames.length <= FEW_FRAMES) return frames;
  const middle = middleOf(frames, FEW_FRAMES);
  return frames.map((frame) => (middle.has(frame) ? withoutLines(frame) : frame));
}

function withoutLines({
  pre_context: _,
  context_line: _line,
  post_context: _post,
  ...frame
}: StackFrame): StackFrame {
  return frame;
}

function shortException(exception: ExceptionValue): ExceptionValue {
  const { value, mechanism } = exception;
  return {
    ...exception,
    value: value && cutText(value, SHORT_VALUE),
    ...(mechanism && { mechanism: { ...mechanism, data: undefined } }),
  };
}
