import { normalize, type NormalizeLimits } from '../event/normalize';
import type { ExceptionValue, Json, StackFrame } from '../protocol/event';

/** What servers keep of the local variables of a frame, in bytes of their JSON. */
const MAX_BYTES = 2048;

/** Ever less of each variable, until all fit. */
const LESS: readonly NormalizeLimits[] = [
  { maxDepth: 3, maxListLength: 20, maxStringLength: 400 },
  { maxDepth: 2, maxListLength: 10, maxStringLength: 200 },
  { maxDepth: 1, maxListLength: 5, maxStringLength: 100 },
  { maxDepth: 0, maxListLength: 5, maxStringLength: 50 },
];

/**
 * The exceptions with the local variables of their frames in raven's lengths, and within what servers keep of a
 * frame. Rather less of each than some not at all. None is null, for which some servers refuse the event.
 */
export function withinVarsSize(values: ExceptionValue[], limits: NormalizeLimits): ExceptionValue[] {
  return values.map((value) => {
    const frames: unknown = value?.stacktrace?.frames;
    if (!Array.isArray(frames) || !frames.some(hasVars)) return value;
    const cut = (frames as StackFrame[]).map((frame) =>
      hasVars(frame) ? { ...frame, vars: varsWithin(frame.vars, limits) } : frame,
    );
    return { ...value, stacktrace: { ...value.stacktrace, frames: cut } };
  });
}

function hasVars(frame: StackFrame | null): frame is StackFrame & { vars: Record<string, unknown> } {
  return typeof frame?.vars === 'object' && frame.vars !== null;
}

function varsWithin(vars: Record<string, unknown>, limits: NormalizeLimits): Record<string, Json> {
  let entries: [string, Json][] = [];
  for (const less of [limits, ...LESS]) {
    entries = Object.entries(vars)
      .slice(0, limits.maxListLength)
      .map(([name, value]) => [name, textOfNull(normalize(value, smaller(less, limits)))]);
    if (sizeOf(entries) <= MAX_BYTES) break;
  }
  while (sizeOf(entries) > MAX_BYTES) entries.pop();
  return Object.fromEntries(entries);
}

function smaller(one: NormalizeLimits, other: NormalizeLimits): NormalizeLimits {
  return {
    maxDepth: Math.min(one.maxDepth, other.maxDepth),
    maxListLength: Math.min(one.maxListLength, other.maxListLength),
    maxStringLength: Math.min(one.maxStringLength, other.maxStringLength),
  };
}

function textOfNull(value: Json): Json {
  return value === null ? 'null' : value;
}

/** As Sentry counts: bytes of JSON, one more for each list and mapping. */
function sizeOf(entries: readonly [string, Json][]): number {
  let more = 0;
  const json = JSON.stringify(Object.fromEntries(entries), (_key, member: unknown) => {
    if (typeof member === 'object' && member !== null) more += 1;
    return member;
  });
  return Buffer.byteLength(json) + more;
}
