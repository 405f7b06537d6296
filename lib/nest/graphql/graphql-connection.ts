import { safeRead } from '../../event/safe-read';
import type { HeaderValue, TraceHeaders } from '../../protocol/trace';

type Headers = Record<string, HeaderValue>;

/**
 * The HTTP request behind a GraphQL context: the one that asked, or that opened the socket. Nest puts it on `req`;
 * graphql-ws keeps it in `extra`, Mercurius beside its reply.
 */
export function requestOf(context: unknown): unknown {
  const asked = safeRead(context, 'req');
  const candidates = [
    asked,
    safeRead(safeRead(asked, 'extra'), 'request'),
    safeRead(context, 'request'),
    safeRead(safeRead(context, 'reply'), 'request'),
    safeRead(safeRead(context, 'extra'), 'request'),
  ];
  return candidates.find((candidate) => isObject(safeRead(candidate, 'headers')));
}

/** The framework's response, where the context has it. */
export function responseOf(context: unknown): unknown {
  return safeRead(context, 'res') ?? safeRead(safeRead(context, 'req'), 'res') ?? safeRead(context, 'reply');
}

/** Where the caller's trace is told: what graphql-ws's client connected with, else the headers of the socket's request. */
export function carrierOf(context: unknown): TraceHeaders | undefined {
  const params =
    safeRead(safeRead(context, 'req'), 'connectionParams') ??
    safeRead(context, 'connectionParams') ??
    safeRead(context, '_connectionInit');
  return (
    traceIn(params) ??
    traceIn(safeRead(params, 'headers')) ??
    traceIn(safeRead(requestOf(context), 'headers'))
  );
}

function traceIn(carrier: unknown): TraceHeaders | undefined {
  if (!isObject(carrier)) return undefined;
  const { 'sentry-trace': sentryTrace, baggage, traceparent } = carrier as Headers;
  return sentryTrace === undefined && traceparent === undefined
    ? undefined
    : { sentryTrace, baggage, traceparent };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
