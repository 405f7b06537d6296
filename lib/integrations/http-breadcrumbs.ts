import type { ClientRequest, IncomingMessage } from 'node:http';
import { listenToChannel } from './listen-to-channel';
import { SentRequest } from './sent-request';

/**
 * Breadcrumbs of requests sent by `node:http` and `node:https`, and by what is built on them, such as axios.
 * Source: Node's channels; `response.finish` is published when an answer's headers have come.
 *
 * @returns takes the source away
 */
export function watchHttp(): () => void {
  // A request that could not even be given a connection fails without having started.
  const started = new WeakMap<ClientRequest, SentRequest | null>();
  const begin = (request: ClientRequest): SentRequest | null => {
    const begun = SentRequest.begin(request.method, originOf(request), request.path) ?? null;
    started.set(request, begun);
    return begun;
  };
  const undo = [
    listenToChannel<{ request: ClientRequest }>('http.client.request.start', ({ request }) => {
      begin(request);
    }),
    listenToChannel<{ request: ClientRequest; response: IncomingMessage }>(
      'http.client.response.finish',
      ({ request, response }) => started.get(request)?.answered(response.statusCode ?? 0),
    ),
    listenToChannel<{ request: ClientRequest; error: unknown }>(
      'http.client.request.error',
      ({ request, error }) => {
        const sent = started.has(request) ? started.get(request) : begin(request);
        sent?.failed(error);
      },
    ),
  ];
  return () => undo.forEach((step) => step());
}

/** The authority is that of the header, which has the port; the request itself does not tell it. */
function originOf(request: ClientRequest): string {
  const host = request.getHeader('host');
  return `${request.protocol}//${typeof host === 'string' ? host : request.host}`;
}
