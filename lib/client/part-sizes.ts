import { normalize, type NormalizeLimits } from '../event/normalize';
import type { RavenEvent } from '../protocol/event';
import { shortText } from './readable-text';

const KIB = 1024;

/** How large parts of an event may be, in characters of their JSON: what servers cut at (Sentry's limits), the client cuts. */
const PART_SIZES: Readonly<Record<string, number>> = { extra: 256 * KIB, modules: 8 * KIB };
const EXTRA_ENTRY_SIZE = 16 * KIB;
const CONTEXT_SIZE = 8 * KIB;
const REQUEST_SIZES: Readonly<Record<string, number>> = {
  data: 8 * KIB,
  headers: 8 * KIB,
  env: 8 * KIB,
  cookies: 2 * KIB,
  query_string: KIB,
};
const TEXT_LENGTHS: Readonly<Record<string, number>> = {
  release: 200,
  environment: 64,
  dist: 64,
  server_name: 256,
};
const MAX_URL_LENGTH = 256;

/** Ever less of a part, until it fits. */
const LESS: readonly NormalizeLimits[] = [
  { maxDepth: 8, maxListLength: 100, maxStringLength: 2000 },
  { maxDepth: 6, maxListLength: 50, maxStringLength: 400 },
  { maxDepth: 4, maxListLength: 20, maxStringLength: 200 },
  { maxDepth: 2, maxListLength: 10, maxStringLength: 100 },
];

/** Cuts the parts of an event that are too large for a server; a server refuses an event of more than 1 MiB. */
export function withinSizes(event: RavenEvent): RavenEvent {
  const cut = { ...event };
  for (const [key, length] of Object.entries(TEXT_LENGTHS)) {
    if (typeof cut[key] === 'string') cut[key] = shortText(cut[key], length);
  }
  if (isMapping(cut.extra)) cut.extra = each(cut.extra, () => EXTRA_ENTRY_SIZE);
  if (isMapping(cut.contexts)) cut.contexts = each(cut.contexts, () => CONTEXT_SIZE) as typeof cut.contexts;
  if (isMapping(cut.request)) {
    cut.request = each(cut.request, (key) => REQUEST_SIZES[key]);
    if (typeof cut.request.url === 'string') cut.request.url = shortText(cut.request.url, MAX_URL_LENGTH);
  }
  for (const [key, size] of Object.entries(PART_SIZES)) {
    if (cut[key] !== undefined) cut[key] = within(cut[key], size);
  }
  return cut;
}

function each(
  parts: Record<string, unknown>,
  sizeOf: (key: string) => number | undefined,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parts)) {
    const size = sizeOf(key);
    // `__proto__` is a name as any other.
    Object.defineProperty(result, key, {
      value: size === undefined ? value : within(value, size),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** The value, or less of it where its JSON would be longer. */
function within(value: unknown, size: number): unknown {
  if (typeof value === 'string') return shortText(value, size);
  if (typeof value !== 'object' || value === null) return value;
  if (sizeOf(value) <= size) return value;
  for (const limits of LESS) {
    const less = normalize(value, limits);
    if (sizeOf(less) <= size) return less;
  }
  return '<too large>';
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
