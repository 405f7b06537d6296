import { normalize, type NormalizeLimits } from '../event/normalize';
import type { RavenEvent } from '../protocol/event';
import { longestJson } from './longest-json';
import { put } from '../event/plain-members';
import { shortText } from './readable-text';

const KIB = 1024;

/** How large parts of an event may be, in bytes of their JSON: what servers cut at (Sentry's limits), the client cuts. */
const PART_SIZES: Readonly<Record<string, number>> = { extra: 256 * KIB, modules: 8 * KIB };
const EXTRA_ENTRY_SIZE = 16 * KIB;
const CONTEXT_SIZE = 8 * KIB;
/** What a user wrote is bounded where it is taken in. */
const FEEDBACK_SIZE = 20 * KIB;
const REQUEST_SIZES: Readonly<Record<string, number>> = {
  data: 8 * KIB,
  headers: 8 * KIB,
  env: 8 * KIB,
  cookies: 2 * KIB,
  query_string: KIB,
};
const BREADCRUMB_DATA_SIZE = 2 * KIB;
const PARAMS_SIZE = 2 * KIB;
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
  { maxDepth: 1, maxListLength: 5, maxStringLength: 50 },
];

/** Cuts the parts of an event that are too large for a server; a server refuses an event of more than 1 MiB. */
export function withinSizes(event: RavenEvent): RavenEvent {
  const cut = { ...event };
  for (const [key, length] of Object.entries(TEXT_LENGTHS)) {
    if (typeof cut[key] === 'string') cut[key] = shortText(cut[key], length);
  }
  if (isMapping(cut.extra)) cut.extra = each(cut.extra, () => EXTRA_ENTRY_SIZE);
  if (isMapping(cut.contexts))
    cut.contexts = each(cut.contexts, (name) =>
      name === 'feedback' ? FEEDBACK_SIZE : CONTEXT_SIZE,
    ) as typeof cut.contexts;
  if (isMapping(cut.request)) {
    cut.request = each(cut.request, (key) => REQUEST_SIZES[key]);
    if (typeof cut.request.url === 'string') cut.request.url = shortText(cut.request.url, MAX_URL_LENGTH);
  }
  if (Array.isArray(cut.breadcrumbs?.values)) {
    const values = cut.breadcrumbs.values.map((crumb) => ({
      ...crumb,
      data: within(crumb.data, BREADCRUMB_DATA_SIZE) as typeof crumb.data,
    }));
    cut.breadcrumbs = { values };
  }
  if (isMapping(cut.logentry) && cut.logentry.params !== undefined)
    cut.logentry = { ...cut.logentry, params: within(cut.logentry.params, PARAMS_SIZE) };
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
    put(result, key, size === undefined ? value : within(value, size));
  }
  return result;
}

/** The value, or less of it where its JSON would be longer. */
function within(value: unknown, size: number): unknown {
  if (typeof value === 'string') return textWithin(value, size);
  if (typeof value !== 'object' || value === null) return value;
  if (longestJson(value, size) <= size || sizeOf(value) <= size) return value;
  for (const limits of LESS) {
    const less = normalize(value, limits);
    if (sizeOf(less) <= size) return less;
  }
  return '<too large>';
}

/** Bytes of the text itself: how JSON writes it is not counted by servers. */
function textWithin(text: string, size: number): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= size) return text;
  return shortText(text, Math.floor((size / bytes) * text.length));
}

/** As Sentry counts: bytes of JSON, one more for each list and mapping, numbers written out without exponents. */
function sizeOf(value: unknown): number {
  let more = 0;
  const json = JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number') more += exponentOf(member);
    else if (typeof member === 'object' && member !== null) more += 1;
    return member;
  });
  return Buffer.byteLength(json ?? '') + more;
}

/** Of a number that JSON writes with one, without its sign. */
function exponentOf(number: number): number {
  const magnitude = Math.abs(number);
  if (magnitude === 0 || (magnitude < 1e21 && magnitude >= 1e-6)) return 0;
  return Math.abs(Math.floor(Math.log10(magnitude)));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
