import { safeRead, safeString } from '../event/safe-read';
import { appPackages } from '../nest/app-package';
import type { SpanIds } from '../protocol/trace';

/** Where the API keeps what an SDK registered with it, whichever copy of it that was; nothing is there before. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const TRACE_ID = /^(?!0+$)[\da-f]{32}$/;
const SPAN_ID = /^(?!0+$)[\da-f]{16}$/;

/** What is needed of @opentelemetry/api. */
interface TraceApi {
  getActiveSpan(): unknown;
}

/** The app's copy; null where it cannot be found. It is looked for once an SDK is there. */
let found: TraceApi | null | undefined;

/**
 * The span of OpenTelemetry that is active here, by the app's own copy of @opentelemetry/api. Undefined where the app
 * has no SDK, no span is active, or its ids are none. Never throws; without an SDK it costs one look at a property.
 */
export function activeSpan(): SpanIds | undefined {
  if (!(REGISTERED in globalThis)) return undefined;
  try {
    const span = (found ??= traceApi())?.getActiveSpan();
    const spanContext = safeRead(span, 'spanContext');
    if (typeof spanContext !== 'function') return undefined;
    const ids: unknown = Reflect.apply(spanContext, span, []);
    const traceId = safeString(ids, 'traceId') ?? '';
    const spanId = safeString(ids, 'spanId') ?? '';
    if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return undefined;
    return { traceId, spanId, isRemote: safeRead(ids, 'isRemote') === true };
  } catch {
    return undefined;
  }
}

/** Any copy that is compatible with what was registered knows the active span. */
function traceApi(): TraceApi | null {
  for (const api of appPackages('@opentelemetry/api')) {
    const trace = safeRead(api, 'trace');
    if (typeof safeRead(trace, 'getActiveSpan') === 'function') return trace as TraceApi;
  }
  return null;
}
