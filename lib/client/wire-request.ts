import { safeCopy } from '../context/safe-copy';
import type { RequestInterface } from '../protocol/event';
import { readableText } from './readable-text';

const TEXTS = ['url', 'method', 'fragment', 'protocol', 'api_target', 'inferred_content_type'] as const;

/**
 * A request in the types that servers take, whatever `httpContext` was given. A field they do not know goes
 * into `env`, which may hold anything.
 */
export function wireRequest(request: unknown): RequestInterface | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const { data, headers, cookies, query_string, env, ...fields } = safeCopy(request);
  const wire: RequestInterface = {};
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if ((TEXTS as readonly string[]).includes(key)) wire[key] = readableText(value);
    else others[key] = value;
  }
  if (data !== undefined && data !== null) wire.data = data;
  if (isGiven(headers)) wire.headers = texts(headers);
  // Servers split a cookie header themselves, but only there; here the schema wants a mapping.
  if (isGiven(cookies)) wire.cookies = typeof cookies === 'string' ? cookiesOf(cookies) : texts(cookies);
  if (isGiven(query_string))
    wire.query_string = typeof query_string === 'string' ? query_string : pairs(query_string);
  const environment = typeof env === 'object' && env !== null ? safeCopy(env) : isGiven(env) ? { env } : {};
  if (Object.keys(environment).length + Object.keys(others).length > 0)
    wire.env = { ...others, ...environment } as Record<string, string>;
  return wire;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function texts(values: unknown): Record<string, string> {
  if (typeof values !== 'object' || values === null) return { value: readableText(values) };
  return Object.fromEntries(
    Object.entries(safeCopy(values)).map(([key, value]) => [key, readableText(value)]),
  );
}

function pairs(query: unknown): Record<string, string> | [string, string][] {
  if (!Array.isArray(query)) return texts(query);
  return query.map((pair: unknown): [string, string] =>
    Array.isArray(pair) ? [readableText(pair[0]), readableText(pair[1] ?? '')] : [readableText(pair), ''],
  );
}

function cookiesOf(header: string): Record<string, string> {
  return Object.fromEntries(
    header.split(';').map((pair): [string, string] => {
      const [name, ...value] = pair.trim().split('=');
      return [name, value.join('=')];
    }),
  );
}
