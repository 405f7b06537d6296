import type { RequestInterface, User } from '../protocol/event';
import { MASK } from '../processors/mask';
import { BODY_LIMITS } from './body-limits';
import { normalize, type NormalizeLimits } from './normalize';
import { safeRead } from './safe-read';
import { authorizationNames, isPersonalName, isSensitiveName } from './sensitive-names';

/** An incoming HTTP request, whatever framework it came through. */
export interface HttpRequestSource {
  method?: string;
  /** Path and query. */
  url?: string;
  protocol?: string;
  host?: string;
  headers?: Record<string, string | string[] | undefined>;
  /** As the framework parsed it. */
  body?: unknown;
  cookies?: Record<string, unknown>;
  ip?: string;
}

/** What of a request is told. */
export interface HttpRequestOptions {
  /** Whether personal data goes along: body, cookies, IP address, headers that tell who is asking. */
  sendDefaultPii: boolean;
  /** Longest body, in characters of its JSON text; a longer one is cut. */
  maxBodyLength: number;
}

const ABSOLUTE_URL = /^[a-z][a-z\d+.-]*:\/\//i;
const CREDENTIALS = /^([^/]*\/\/)[^/]*@/;
/** As it is, and ever shorter. */
const SHORTER_BODIES: readonly (NormalizeLimits | undefined)[] = [
  undefined,
  { maxDepth: 3, maxListLength: 20, maxStringLength: 200 },
  { maxDepth: 2, maxListLength: 10, maxStringLength: 50 },
  { maxDepth: 1, maxListLength: 10, maxStringLength: 20 },
];
const TOO_LONG = '<too much data>';

/**
 * The event's `request`. Credentials in query, headers and cookies are masked by their names, whatever the
 * options. Source: Sentry's request interface and its data collection rules.
 */
export function requestInterface(source: HttpRequestSource, options: HttpRequestOptions): RequestInterface {
  const { sendDefaultPii } = options;
  const [path, query] = splitOnce((source.url ?? '/').split('#', 1)[0], '?');
  const request: RequestInterface = {
    method: (source.method ?? 'GET').toUpperCase(),
    url: fullUrl(path, source),
    headers: headersOf(source.headers ?? {}, sendDefaultPii),
  };
  if (query) request.query_string = maskedQuery(path, query);
  if (!sendDefaultPii) return request;
  const cookies = cookiesOf(source);
  if (cookies) request.cookies = cookies;
  const data = bodyOf(source.body, options.maxBodyLength);
  if (data !== undefined) request.data = data;
  if (source.ip) request.env = { REMOTE_ADDR: source.ip };
  return request;
}

/** A URL, or the path and query of one, as it may be told: no credentials, no secret values in its query, no fragment. */
export function maskedTarget(url: string): string {
  const [whole, query] = splitOnce(url.split('#', 1)[0], '?');
  const base = whole.replace(CREDENTIALS, '$1');
  return query ? `${base}?${maskedQuery(base, query)}` : base;
}

/** A proxy's request line holds a whole URL, credentials and all; a server's but the path. */
function fullUrl(path: string, { protocol = 'http', host, headers }: HttpRequestSource): string {
  if (ABSOLUTE_URL.test(path)) return path.replace(CREDENTIALS, '$1');
  // HTTP/2 has no header of the host but a field of its own.
  const authority = host ?? headers?.[':authority'] ?? 'localhost';
  return `${protocol}://${String(authority)}${path.startsWith('/') ? '' : '/'}${path}`;
}

/**
 * The event's `user` from what the app put on the request. Without personal data only the id is told.
 *
 * @param value - `request.user`; its id is taken from `id`, `userId`, `_id`, `sub` or `uid`
 */
export function userFrom(value: unknown, sendDefaultPii: boolean, ip?: string): User | undefined {
  const user: User = {};
  const id = ['id', 'userId', '_id', 'sub', 'uid'].map((key) => textOf(safeRead(value, key))).find(Boolean);
  if (id !== undefined) user.id = id;
  if (sendDefaultPii) {
    for (const key of ['username', 'email', 'name']) {
      const text = textOf(safeRead(value, key));
      if (text) user[key] = text;
    }
    if (ip) user.ip_address = ip;
  }
  return Object.keys(user).length > 0 ? user : undefined;
}

function headersOf(
  headers: NonNullable<HttpRequestSource['headers']>,
  sendDefaultPii: boolean,
): Record<string, string> {
  const result: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    // Cookies are told apart by their own names, in `cookies`; what HTTP/2 writes with a colon is the request line.
    if (value === undefined || name.toLowerCase() === 'cookie' || name.startsWith(':')) continue;
    const isMasked = isSensitiveName(name) || (!sendDefaultPii && isPersonalName(name));
    result.push([name, isMasked ? MASK : maskedUrl(Array.isArray(value) ? value.join(', ') : value)]);
  }
  return Object.fromEntries(result);
}

/** A header such as `Referer` may hold a URL with a query of its own. */
function maskedUrl(text: string): string {
  const [base, query] = splitOnce(text, '?');
  return query === undefined || !/^https?:/i.test(base) ? text : `${base}?${maskedQuery(base, query)}`;
}

function maskedQuery(path: string, query: string): string {
  const pairs = query.split('&').map((pair) => {
    const [name, value] = splitOnce(pair, '=');
    return { pair, name, value, plainName: decoded(name) };
  });
  const authorization = authorizationNames(
    path,
    pairs.map(({ plainName }) => plainName),
  );
  return pairs
    .map(({ pair, name, value, plainName }) => {
      const isMasked = isSensitiveName(plainName) || authorization.has(plainName);
      return value !== undefined && isMasked ? `${name}=${MASK}` : pair;
    })
    .join('&');
}

function cookiesOf({ cookies, headers }: HttpRequestSource): Record<string, string> | undefined {
  const entries = Object.entries(cookies ?? cookieHeader(headers?.cookie)).map(
    ([name, value]) => [name, isSensitiveName(name) ? MASK : (textOf(value) ?? MASK)] as const,
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function cookieHeader(header: string | string[] | undefined): Record<string, string> {
  const text = Array.isArray(header) ? header.join('; ') : (header ?? '');
  return Object.fromEntries(
    text
      .split(';')
      .map((pair) => splitOnce(pair.trim(), '='))
      .filter(([name, value]) => name !== '' && value !== undefined),
  ) as Record<string, string>;
}

function bodyOf(body: unknown, maxLength: number): unknown {
  if (body === undefined || body === null || body === '') return undefined;
  const plain = normalize(body, {
    ...BODY_LIMITS,
    maxStringLength: Math.min(maxLength, BODY_LIMITS.maxStringLength),
  });
  if (typeof plain === 'object' && plain !== null && Object.keys(plain).length === 0) return undefined;
  // Cut as data, not as text: half a JSON text could not be searched for credentials.
  for (const limits of SHORTER_BODIES) {
    const shorter = limits ? normalize(plain, limits) : plain;
    if (textLength(shorter) <= maxLength) return shorter;
  }
  return TOO_LONG;
}

function textLength(plain: unknown): number {
  return typeof plain === 'string' ? plain.length : JSON.stringify(plain).length;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  // Ids of databases, such as MongoDB's, are objects with a text of their own.
  const say = safeRead(value, 'toString');
  if (typeof say !== 'function') return undefined;
  try {
    const text: unknown = Reflect.apply(say, value, []);
    return typeof text === 'string' && !text.startsWith('[object') ? text : undefined;
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const position = text.indexOf(separator);
  return position === -1 ? [text, undefined] : [text.slice(0, position), text.slice(position + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
