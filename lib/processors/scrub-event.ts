import type { RavenEvent } from '../protocol/event';
import { looksLikeJson } from './json-text';
import { MASK } from './mask';
import { maskPairs } from './mask-pairs';
import { Scrubber, type ScrubRules } from './scrubber';
import { untilStable } from './until-stable';

/** What the protocol defines and no app fills with data of its own. */
const PASSED_OVER: ReadonlySet<string> = new Set(['event_id', 'timestamp', 'level', 'transaction_info']);

/** What tells of the program: keys say nothing here (`jsonwebtoken` is a module), but texts may hold a URL's credentials. */
const TEXTS_ONLY: ReadonlySet<string> = new Set([
  'platform',
  'sdk',
  'modules',
  'release',
  'dist',
  'environment',
  'server_name',
  'debug_meta',
]);
const MAX_TEXTS_DEPTH = 8;

/** A version, a build, an id: no number of a card, however long. */
const NUMBERS = /^[\d -]*$/;

/** Parts the protocol names. An app's own keys beside them may be those of secrets. */
const PARTS: ReadonlySet<string> = new Set([
  'breadcrumbs',
  'contexts',
  'culprit',
  'exception',
  'extra',
  'fingerprint',
  'logentry',
  'logger',
  'message',
  'request',
  'stacktrace',
  'tags',
  'threads',
  'transaction',
  'user',
]);

const TRACE_IDS = ['trace_id', 'span_id', 'parent_span_id'];

type Mapping = Record<string, unknown>;

/** Masks secrets wherever an event may hold them, in place. Never throws. */
export function scrubEvent(event: RavenEvent, rules: ScrubRules): void {
  const scrubber = new Scrubber(rules);
  for (const key of Object.keys(event)) {
    if (PASSED_OVER.has(key)) continue;
    try {
      scrubPart(event, key, scrubber, rules);
    } catch {
      event[key] = MASK;
    }
  }
}

function scrubPart(event: RavenEvent, key: string, scrubber: Scrubber, rules: ScrubRules): void {
  const part = event[key];
  if (key === 'breadcrumbs') scrubRequestedUrls(part, scrubber, rules);
  if (TEXTS_ONLY.has(key)) {
    event[key] = scrubTexts(part, scrubber);
    return;
  }
  if (!PARTS.has(key) && part !== null && rules.isSecretKey(key)) event[key] = MASK;
  else if (!isMapping(part)) event[key] = scrubber.scrub(part);
  else if (key === 'exception' || key === 'threads') scrubExceptions(part, scrubber);
  else if (key === 'stacktrace') scrubVars(part, scrubber);
  else if (key === 'request') scrubRequest(part, scrubber, rules);
  else if (key === 'contexts') scrubContexts(part, scrubber, rules);
  else event[key] = scrubber.scrub(part);
}

/** Masks what is secret inside of texts, in place, whatever their keys are. */
function scrubTexts(part: unknown, scrubber: Scrubber, depth = 0): unknown {
  if (typeof part === 'string') return NUMBERS.test(part) ? part : scrubber.scrubText(part);
  if (!isMapping(part)) return part;
  if (depth > MAX_TEXTS_DEPTH) return scrubber.scrub(part);
  for (const key of Object.keys(part)) {
    const before = part[key];
    const after = scrubTexts(before, scrubber, depth + 1);
    if (after !== before) part[key] = after;
  }
  return part;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null;
}

/** The values of an exception or of threads; old clients write them as a flat list, or one alone. */
function scrubExceptions(part: Mapping, scrubber: Scrubber): void {
  const values: unknown = Array.isArray(part) ? part : (part.values ?? [part]);
  if (!Array.isArray(values)) part.values = scrubber.scrub(values);
  else for (const value of values) if (isMapping(value)) scrubException(value, scrubber);
}

/** The message, the variables, the mechanism's data. Names of code stay, but one may be of the app's making. */
function scrubException(exception: Mapping, scrubber: Scrubber): void {
  const { mechanism } = exception;
  scrubMembers(exception, ['value', 'name'], scrubber);
  if (typeof exception.type === 'string') exception.type = scrubTexts(exception.type, scrubber);
  for (const stack of [exception.stacktrace, exception.raw_stacktrace]) {
    if (isMapping(stack)) scrubVars(stack, scrubber);
  }
  if (isMapping(mechanism)) scrubMembers(mechanism, ['data', 'meta', 'description', 'help_link'], scrubber);
}

function scrubMembers(holder: Mapping, keys: readonly string[], scrubber: Scrubber): void {
  for (const key of keys) {
    if (holder[key] !== undefined) holder[key] = scrubber.scrub(holder[key]);
  }
}

function scrubVars(stacktrace: Mapping, scrubber: Scrubber): void {
  const { frames } = stacktrace;
  if (!Array.isArray(frames)) return;
  for (const frame of frames) if (isMapping(frame)) scrubMembers(frame, ['vars'], scrubber);
}

/** A context has to stay an object, so one that is secret by its name keeps its keys. */
function scrubContexts(contexts: Mapping, scrubber: Scrubber, { isSecretKey }: ScrubRules): void {
  for (const [name, context] of Object.entries(contexts)) {
    if (name === 'trace' && isMapping(context)) {
      scrubTrace(context, scrubber);
    } else if (isSecretKey(name) && isMapping(context)) {
      contexts[name] = Object.fromEntries(Object.keys(context).map((key) => [key, MASK]));
    } else {
      contexts[name] = scrubber.scrub(context);
    }
  }
}

/** The ids stay: hex digits, some of them decimal ones only, as in the number of a card. */
function scrubTrace(trace: Mapping, scrubber: Scrubber): void {
  const ids = TRACE_IDS.map((key) => [key, trace[key]] as const).filter(([, id]) => isHexId(id));
  // Not looked at meanwhile: they are others in each event.
  for (const [key] of ids) trace[key] = null;
  scrubber.scrub(trace);
  for (const [key, id] of ids) trace[key] = id;
}

function isHexId(id: unknown): boolean {
  return typeof id === 'string' && /^[\da-f]{16,32}$/i.test(id);
}

/** Texts of a request are read as what they are there: pairs, cookies, JSON. */
function scrubRequest(request: Mapping, scrubber: Scrubber, rules: ScrubRules): void {
  for (const key of Object.keys(request)) {
    const value = request[key];
    if (key === 'headers' && isMapping(value) && !Array.isArray(value)) {
      scrubHeaders(value, scrubber, rules);
    } else if (typeof value !== 'string') {
      request[key] = scrubber.scrub(value);
    } else if (key === 'cookies') {
      request[key] = scrubPairs(value, ';', scrubber, rules);
    } else if (key === 'url') {
      request[key] = scrubUrl(value, scrubber, rules);
    } else if (!looksLikeJson(value)) {
      request[key] = scrubPairs(value, '&', scrubber, rules);
    } else if (key === 'data') {
      // JSON that was cut or never was: whether a part of it is secret nobody can tell for sure.
      request[key] = scrubber.scrubJson(value) ?? MASK;
    } else {
      request[key] = scrubber.scrubText(value);
    }
  }
}

/** Breadcrumbs of requests have a URL, whose query has names and values as a mapping has. */
function scrubRequestedUrls(part: unknown, scrubber: Scrubber, rules: ScrubRules): void {
  const crumbs: unknown = isMapping(part) ? part.values : undefined;
  if (!Array.isArray(crumbs)) return;
  for (const crumb of crumbs as unknown[]) {
    const data = isMapping(crumb) ? crumb.data : undefined;
    if (isMapping(data) && typeof data.url === 'string') data.url = scrubUrl(data.url, scrubber, rules);
  }
}

function scrubPairs(text: string, separator: '&' | ';', scrubber: Scrubber, rules: ScrubRules): string {
  return untilStable(text, (current) => scrubber.scrubText(pairs(current, separator, scrubber, rules)));
}

function pairs(text: string, separator: '&' | ';', scrubber: Scrubber, { isSecretKey }: ScrubRules): string {
  return maskPairs(text, separator, { isSecretKey, maskValue: (value) => scrubber.scrubText(value) });
}

function scrubUrl(url: string, scrubber: Scrubber, rules: ScrubRules): string {
  return untilStable(url, (current) => {
    const start = current.indexOf('?') + 1;
    const query = start === 0 ? '' : pairs(current.slice(start), '&', scrubber, rules);
    return scrubber.scrubText(start === 0 ? current : current.slice(0, start) + query);
  });
}

function scrubHeaders(headers: Mapping, scrubber: Scrubber, rules: ScrubRules): void {
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (name.toLowerCase() === 'cookie' && typeof value === 'string') {
      headers[name] = scrubPairs(value, ';', scrubber, rules);
    } else if (value !== null && rules.isSecretKey(name)) {
      headers[name] = MASK;
    } else if (typeof value === 'string') {
      headers[name] = scrubPairs(value, '&', scrubber, rules);
    } else {
      headers[name] = scrubber.scrub(value);
    }
  }
}
