import type { RequestInterface, User } from '../protocol/event';
import { normalize } from './normalize';
import { safeRead } from './safe-read';
import { isPersonalName, isSensitiveName, MASK } from './sensitive-names';

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

const BODY_LIMITS = { maxDepth: 6, maxListLength: 100, maxStringLength: 2048, maxNodes: 2000 };

/**
 * The event's `request`. Credentials in query, headers and cookies are masked by their names, whatever the
 * options. Source: Sentry's request interface and its data collection rules.
 */
export function requestInterface(source: HttpRequestSource, options: HttpRequestOptions): RequestInterface {
  const { sendDefaultPii } = options;
  const [path = '/', query] = splitOnce((source.url ?? '/').split('#', 1)[0], '?');
  const request: RequestInterface = {
    method: (source.method ?? 'GET').toUpperCase(),
    url: `${source.protocol ?? 'http'}://${source.host ?? 'localhost'}${path}`,
    headers: headersOf(source.headers ?? {}, sendDefaultPii),
  };
  if (query) request.query_string = maskedQuery(query);
  if (!sendDefaultPii) return request;
  const cookies = cookiesOf(source);
  if (cookies) request.cookies = cookies;
  const data = bodyOf(source.body, options.maxBodyLength);
  if (data !== undefined) request.data = data;
  if (source.ip) request.env = { REMOTE_ADDR: source.ip };
  return request;
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
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Cookies are told apart by their own names, in `cookies`.
    if (value === undefined || name.toLowerCase() === 'cookie') continue;
    const isMasked = isSensitiveName(name) || (!sendDefaultPii && isPersonalName(name));
    result[name] = isMasked ? MASK : maskedUrl(Array.isArray(value) ? value.join(', ') : String(value));
  }
  return result;
}

/** A header such as `Referer` may hold a URL with a query of its own. */
function maskedUrl(text: string): string {
  const [base, query] = splitOnce(text, '?');
  return query === undefined || !/^https?:/i.test(base) ? text : `${base}?${maskedQuery(query)}`;
}

function maskedQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const [name, value] = splitOnce(pair, '=');
      return value !== undefined && isSensitiveName(decoded(name)) ? `${name}=${MASK}` : pair;
    })
    .join('&');
}

function cookiesOf({ cookies, headers }: HttpRequestSource): Record<string, string> | undefined {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(cookies ?? cookieHeader(headers?.cookie))) {
    result[name] = isSensitiveName(name) ? MASK : (textOf(value) ?? MASK);
  }
  return Object.keys(result).length > 0 ? result : undefined;
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
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain);
  // Cut as data, not as text: half a JSON text could not be searched for credentials.
  return text.length <= maxLength
    ? plain
    : normalize(plain, { maxDepth: 3, maxListLength: 20, maxStringLength: 200 });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  // Ids of databases, such as MongoDB's, are objects with a text of their own.
  try {
    const text = String(value);
    return text.startsWith('[object') ? undefined : text;
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
