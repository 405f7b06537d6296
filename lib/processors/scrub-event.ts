import type { RavenEvent, StackTrace } from '../protocol/event';
import { looksLikeJson, parseJsonText } from './json-text';
import { MASK } from './mask';
import { maskPairs } from './mask-pairs';
import { Scrubber, type ScrubRules } from './scrubber';

/** What the protocol defines and no app fills with data of its own. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'event_id',
  'timestamp',
  'platform',
  'level',
  'sdk',
  'modules',
  'release',
  'dist',
  'environment',
  'server_name',
  'debug_meta',
  'transaction_info',
]);

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
  switch (key) {
    case 'exception':
    case 'threads':
      for (const value of event[key]?.values ?? []) scrubException(value, scrubber);
      return;
    case 'stacktrace':
      scrubVars(event.stacktrace as StackTrace, scrubber);
      return;
    case 'request':
      scrubRequest(event.request as Record<string, unknown>, scrubber, rules);
      return;
    case 'contexts':
      for (const [name, context] of Object.entries(event.contexts ?? {})) {
        // Ids of a trace are hex digits, some of them digits only.
        if (name !== 'trace') event.contexts![name] = scrubber.scrub(context) as Record<string, unknown>;
      }
      return;
    default:
      event[key] = scrubber.scrub(event[key]);
  }
}

/** Of an exception or a thread: the message, the variables, the mechanism's data. Names of code stay. */
function scrubException(value: object, scrubber: Scrubber): void {
  const exception = value as { value?: unknown; stacktrace?: StackTrace; mechanism?: { data?: unknown } };
  if (typeof exception.value === 'string') exception.value = scrubber.scrubText(exception.value);
  if (exception.stacktrace) scrubVars(exception.stacktrace, scrubber);
  if (exception.mechanism?.data) exception.mechanism.data = scrubber.scrub(exception.mechanism.data);
}

function scrubVars(stacktrace: StackTrace, scrubber: Scrubber): void {
  for (const frame of stacktrace.frames) {
    if (frame.vars) frame.vars = scrubber.scrub(frame.vars) as Record<string, unknown>;
  }
}

/** Texts of a request are read as what they are there: pairs, cookies, JSON. */
function scrubRequest(request: Record<string, unknown>, scrubber: Scrubber, rules: ScrubRules): void {
  const { isSecretKey } = rules;
  for (const key of Object.keys(request)) {
    const value = request[key];
    if (key === 'headers' && typeof value === 'object' && value !== null) {
      scrubHeaders(value as Record<string, unknown>, scrubber, rules);
    } else if (typeof value !== 'string') {
      request[key] = scrubber.scrub(value);
    } else if (key === 'cookies') {
      request[key] = scrubber.scrubText(maskPairs(value, ';', isSecretKey));
    } else if (key === 'url') {
      request[key] = maskUrl(value, scrubber, rules);
    } else if (key === 'data' && looksLikeJson(value) && !parseJsonText(value)) {
      // JSON that was cut or never was: whether a part of it is secret nobody can tell for sure.
      request[key] = MASK;
    } else {
      const isJson = parseJsonText(value) !== undefined;
      request[key] = scrubber.scrubText(isJson ? value : maskPairs(value, '&', isSecretKey));
    }
  }
}

function maskUrl(url: string, scrubber: Scrubber, { isSecretKey }: ScrubRules): string {
  const question = url.indexOf('?');
  if (question === -1) return scrubber.scrubText(url);
  const query = maskPairs(url.slice(question + 1), '&', isSecretKey);
  return scrubber.scrubText(`${url.slice(0, question)}?${query}`);
}

function scrubHeaders(headers: Record<string, unknown>, scrubber: Scrubber, rules: ScrubRules): void {
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (name.toLowerCase() === 'cookie' && typeof value === 'string') {
      headers[name] = scrubber.scrubText(maskPairs(value, ';', rules.isSecretKey));
    } else if (value !== null && rules.isSecretKey(name)) {
      headers[name] = MASK;
    } else if (typeof value === 'string') {
      headers[name] = scrubber.scrubText(maskPairs(value, '&', rules.isSecretKey));
    } else {
      headers[name] = scrubber.scrub(value);
    }
  }
}
