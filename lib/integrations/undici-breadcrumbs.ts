import { listenToChannel } from './listen-to-channel';
import { SentRequest } from './sent-request';

/** A request as undici publishes it. */
interface UndiciRequest {
  origin?: string | URL;
  path: string;
  method: string;
}

/**
 * Breadcrumbs of requests sent by `fetch` and by the package undici: both publish on the same channels.
 *
 * @returns takes the source away
 */
export function watchUndici(): () => void {
  const started = new WeakMap<UndiciRequest, SentRequest>();
  const undo = [
    listenToChannel<{ request: UndiciRequest }>('undici:request:create', ({ request }) => {
      const { method, origin, path } = request;
      const sent = SentRequest.begin(
        method,
        typeof origin === 'string' ? origin : (origin?.origin ?? ''),
        path,
      );
      if (sent) started.set(request, sent);
    }),
    listenToChannel<{ request: UndiciRequest; response: { statusCode: number } }>(
      'undici:request:headers',
      ({ request, response }) => started.get(request)?.answered(response.statusCode),
    ),
    listenToChannel<{ request: UndiciRequest }>('undici:request:trailers', ({ request }) => {
      started.delete(request);
    }),
    listenToChannel<{ request: UndiciRequest; error: unknown }>(
      'undici:request:error',
      ({ request, error }) => {
        started.get(request)?.failed(error);
        // An aborted request is failed once more when its connection ends.
        started.delete(request);
      },
    ),
  ];
  return () => undo.forEach((step) => step());
}
