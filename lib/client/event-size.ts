import { cutText } from '../event/cut-text';
import { jsonLine } from '../protocol/json-line';
import type { ExceptionValue, RavenEvent } from '../protocol/event';

/** Servers refuse an event of more than 1 MiB. */
const MAX_BYTES = 1024 * 1024;
const FEW_BREADCRUMBS = 10;
const FEW_EXCEPTIONS = 10;
const FEW_FRAMES = 50;
const SHORT_VALUE = 1024;

/** Ever less of an event: what tells least goes first, types, messages and stacks stay. */
const SMALLER: readonly ((event: RavenEvent) => RavenEvent)[] = [
  (event) => ({
    ...event,
    ...(event.breadcrumbs && { breadcrumbs: { values: event.breadcrumbs.values.slice(-FEW_BREADCRUMBS) } }),
  }),
  ({ breadcrumbs: _, ...event }) => ({ ...event, extra: {} }),
  ({ modules: _, user, request, contexts, logentry, ...event }) => ({
    ...event,
    ...(user && { user: { ...user, data: undefined } }),
    ...(request && { request: { method: request.method, url: request.url } }),
    ...(contexts?.trace && { contexts: { trace: contexts.trace } }),
    ...(logentry && { logentry: { ...logentry, params: undefined } }),
  }),
  (event) => ({
    ...event,
    ...(event.exception && {
      exception: { values: event.exception.values.slice(-FEW_EXCEPTIONS).map(shortException) },
    }),
  }),
];

function shortException(exception: ExceptionValue): ExceptionValue {
  const { value, stacktrace } = exception;
  return {
    ...exception,
    value: value && cutText(value, SHORT_VALUE),
    stacktrace: stacktrace && { ...stacktrace, frames: stacktrace.frames.slice(-FEW_FRAMES) },
  };
}

/** The event, or as much of it as a server takes. */
export function withinEventSize(event: RavenEvent): RavenEvent {
  let small = event;
  for (const smaller of SMALLER) {
    if (Buffer.byteLength(jsonLine(small) ?? '') <= MAX_BYTES) break;
    small = smaller(small);
  }
  return small;
}
