import { parseSentryBaggage } from './baggage';
import { pooledRandomBytes } from './random-pool';

/** Which trace a piece of work belongs to, without a tracer (Sentry: "tracing without performance"). */
export interface PropagationContext {
  /** 32 lower-case hex digits, never all zero. */
  traceId: string;
  /** 16 lower-case hex digits, never all zero; random, it stands for no span. */
  spanId: string;
  /** The caller's span, where the trace was continued. */
  parentSpanId?: string;
  /** The caller's decision; absent means "decide later". */
  sampled?: boolean;
  /** The caller's dynamic sampling context, frozen; empty where the caller sent none. Absent at a trace's head. */
  dsc?: Readonly<Record<string, string>>;
  /** From 0 to below 1, six decimals. */
  sampleRand: number;
}

/** A span of another tracer. */
export interface SpanIds {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  /** Whether it is the caller's span, and none was begun here. */
  isRemote: boolean;
}

/** A header as Node gives it. */
export type HeaderValue = string | string[] | undefined;

/** The incoming headers (or message metadata) a trace is continued from. */
export interface TraceHeaders {
  sentryTrace?: HeaderValue;
  baggage?: HeaderValue;
  traceparent?: HeaderValue;
}

/** Whose traces are continued; see {@link continueTrace}. */
export interface ContinueTraceOptions {
  /** The own organisation's id. */
  orgId?: string;
  /** Also begin a new trace where only one side names its organisation; off by default. */
  strictTraceContinuation?: boolean;
}

/** What a trace's head knows of itself. */
export interface DynamicSamplingSource {
  publicKey?: string;
  release?: string;
  environment?: string;
  orgId?: string;
}

/** Gives so many random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

interface Parent {
  traceId: string;
  spanId: string;
  sampled?: boolean;
}

const SENTRY_TRACE = /^([0-9a-f]{32})-([0-9a-f]{16})(?:-([01]))?$/;
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const ALL_ZERO = /^0+$/;

/** Begins a trace of its own. */
export function newTrace(randomBytes: RandomBytes = pooledRandomBytes): PropagationContext {
  const hex = Buffer.from(randomBytes(28)).toString('hex');
  return {
    traceId: validId(hex.slice(0, 32)),
    spanId: validId(hex.slice(32, 48)),
    sampleRand: Math.floor((Number.parseInt(hex.slice(48), 16) / 2 ** 32) * 1e6) / 1e6,
  };
}

/**
 * Continues the trace that came in with a request or message, or begins a new one.
 *
 * `sentry-trace` counts before W3C's `traceparent`. Malformed headers, all-zero ids, a repeated header, and a trace
 * of another organisation give a new trace, which takes nothing of what came in. Never throws.
 */
export function continueTrace(
  headers: TraceHeaders,
  options: ContinueTraceOptions = {},
  randomBytes: RandomBytes = pooledRandomBytes,
): PropagationContext {
  const own = newTrace(randomBytes);
  const parent = parseSentryTrace(headers.sentryTrace) ?? parseTraceparent(headers.traceparent);
  if (parent === undefined) return own;
  const dsc = parseSentryBaggage(headers.baggage);
  if (isForeign(dsc['org_id'], options)) return own;
  return {
    traceId: parent.traceId,
    spanId: own.spanId,
    parentSpanId: parent.spanId,
    ...(parent.sampled === undefined ? {} : { sampled: parent.sampled }),
    dsc: Object.freeze(dsc),
    sampleRand: incomingShare(dsc['sample_rand']) ?? own.sampleRand,
  };
}

/**
 * The place of a span in its trace, so that what is said in it belongs to that trace. What came in goes along only
 * where it is of the same one.
 */
export function contextOfSpan(own: PropagationContext, span: SpanIds): PropagationContext {
  const { traceId, spanId, isRemote } = span;
  const place = isRemote ? { spanId: own.spanId, parentSpanId: spanId } : { spanId };
  const { sampleRand, sampled, dsc } = own;
  if (traceId !== own.traceId) return { traceId, ...place, sampleRand };
  return { traceId, ...place, sampleRand, ...(sampled !== undefined && { sampled }), ...(dsc && { dsc }) };
}

/**
 * The dynamic sampling context: the `trace` header of envelopes and, each name prefixed by `sentry-`, the outgoing
 * baggage. A continued trace passes on what came in, unchanged; if that is empty, write no `trace` header.
 */
export function dynamicSamplingContext(
  context: PropagationContext,
  source: DynamicSamplingSource,
): Record<string, string> {
  if (context.dsc !== undefined) return { ...context.dsc };
  return {
    trace_id: context.traceId,
    ...(source.publicKey ? { public_key: source.publicKey } : {}),
    ...(source.release ? { release: source.release } : {}),
    ...(source.environment ? { environment: source.environment } : {}),
    ...(source.orgId ? { org_id: source.orgId } : {}),
    sample_rand: context.sampleRand.toFixed(6),
  };
}

/**
 * The headers that pass a trace on to another service: `sentry-trace` and, where anything is known, `baggage`.
 * They go into requests, and into messages as their metadata.
 */
export function outgoingTraceHeaders(
  context: PropagationContext,
  source: DynamicSamplingSource,
): { 'sentry-trace': string; baggage?: string } {
  const { traceId, spanId, sampled } = context;
  const baggage = Object.entries(dynamicSamplingContext(context, source))
    .map(([name, value]) => `sentry-${name}=${encodeURIComponent(value)}`)
    .join(',');
  return {
    'sentry-trace': `${traceId}-${spanId}${sampled === undefined ? '' : sampled ? '-1' : '-0'}`,
    ...(baggage !== '' && { baggage }),
  };
}

function parseSentryTrace(header: HeaderValue): Parent | undefined {
  const match = SENTRY_TRACE.exec(single(header));
  if (match === null || ALL_ZERO.test(match[1]) || ALL_ZERO.test(match[2])) return undefined;
  return {
    traceId: match[1],
    spanId: match[2],
    ...(match[3] === undefined ? {} : { sampled: match[3] === '1' }),
  };
}

function parseTraceparent(header: HeaderValue): Parent | undefined {
  const match = TRACEPARENT.exec(single(header));
  if (match === null || match[1] === 'ff' || (match[1] === '00' && match[5] !== undefined)) return undefined;
  if (ALL_ZERO.test(match[2]) || ALL_ZERO.test(match[3])) return undefined;
  return { traceId: match[2], spanId: match[3], sampled: (Number.parseInt(match[4], 16) & 1) === 1 };
}

/** The header's text; empty where there is none or more than one, as nobody can say which is right. */
function single(header: HeaderValue): string {
  const value: unknown = Array.isArray(header) && header.length === 1 ? header[0] : header;
  return typeof value === 'string' ? value.trim() : '';
}

function isForeign(incomingOrgId: string | undefined, options: ContinueTraceOptions): boolean {
  const incoming = incomingOrgId || undefined;
  const own = options.orgId || undefined;
  if (incoming === own) return false;
  return (incoming !== undefined && own !== undefined) || options.strictTraceContinuation === true;
}

function incomingShare(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0|0?\.\d{1,20})$/.test(text)) return undefined;
  return Number(text) < 1 ? Number(text) : undefined;
}

/** An all-zero id is no id; it is as improbable as any other but must not happen. */
function validId(hex: string): string {
  return ALL_ZERO.test(hex) ? hex.replace(/0$/, '1') : hex;
}
