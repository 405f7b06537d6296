import { requestInterface, userFrom } from '../../event/http-request';
import { safeRead, safeString } from '../../event/safe-read';
import type { ResolvedOptions } from '../../raven.options';
import type { HttpScope } from './http-scope';

/** What Express's and Fastify's requests have beside the raw one's. */
interface FrameworkRequest {
  method?: string;
  url?: string;
  /** Express: the url before routers took their part off it; Fastify: the url before rewriting. */
  originalUrl?: string;
  protocol?: string;
  headers?: Record<string, string | string[] | undefined>;
  body?: unknown;
  cookies?: Record<string, unknown>;
  ip?: string;
  user?: unknown;
  /** Express: the matched route. */
  route?: { path?: unknown };
  baseUrl?: string;
  /** Fastify: the matched route. */
  routeOptions?: { url?: string };
}

const MAX_BODY_LENGTH = 8192;

/** Fields of the event that tell of an HTTP request: request, user, transaction, response. */
export function describeHttp(scope: HttpScope, options: ResolvedOptions): Record<string, unknown> {
  const request = scope.request as FrameworkRequest;
  const { sendDefaultPii } = options;
  const url = request.originalUrl ?? scope.rawRequest.url ?? '/';
  // What frameworks and the app give by getters may throw: the rest is told all the same.
  const ip = safeString(request, 'ip');
  const user = userFrom(safeRead(request, 'user'), sendDefaultPii, sendDefaultPii ? ip : undefined);
  const { rawResponse } = scope;
  return {
    request: requestInterface(
      {
        method: scope.rawRequest.method,
        url,
        protocol: safeString(request, 'protocol'),
        headers: scope.rawRequest.headers,
        host: scope.rawRequest.headers.host,
        body: safeRead(request, 'body'),
        cookies: safeRead(request, 'cookies') as FrameworkRequest['cookies'],
        ip,
      },
      { sendDefaultPii, maxBodyLength: MAX_BODY_LENGTH },
    ),
    ...(user && { user }),
    ...transactionOf(scope, request, url),
    ...((rawResponse.headersSent || scope.outcome) && {
      contexts: { response: { status_code: rawResponse.statusCode } },
    }),
  };
}

/** The route's pattern where one has matched, so that a name stands for a handler; else the path. */
function transactionOf(
  scope: HttpScope,
  request: FrameworkRequest,
  url: string,
): { transaction: string; transaction_info: { source: 'route' | 'url' } } {
  const method = scope.rawRequest.method ?? 'GET';
  const pattern = routeOf(request);
  return pattern === undefined
    ? { transaction: `${method} ${url.split('?', 1)[0]}`, transaction_info: { source: 'url' } }
    : { transaction: `${method} ${pattern}`, transaction_info: { source: 'route' } };
}

function routeOf({ route, baseUrl, routeOptions }: FrameworkRequest): string | undefined {
  if (typeof route?.path === 'string') return `${baseUrl ?? ''}${route.path}` || '/';
  if (routeOptions?.url !== undefined) return routeOptions.url;
  return undefined;
}
