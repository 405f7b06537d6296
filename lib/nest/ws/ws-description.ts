import type { IncomingMessage } from 'node:http';
import { requestInterface, userFrom } from '../../event/http-request';
import { safeRead, safeString } from '../../event/safe-read';
import type { ResolvedOptions } from '../../raven.options';
import type { WsWork } from './ws-work';

const MAX_BODY_LENGTH = 8192;

/** Fields of the event that tell of a message or connection: handshake, user, event name, client, namespace, payload. */
export function describeWs(work: WsWork, { sendDefaultPii }: ResolvedOptions): Record<string, unknown> {
  const { client, request, transaction } = work;
  const ip = sendDefaultPii ? addressOf(client, request) : undefined;
  const user = userFrom(work.user, sendDefaultPii, ip);
  return {
    ...(isRequest(request) && {
      request: requestInterface(
        {
          method: request.method,
          url: request.url,
          protocol: safeRead(request.socket, 'encrypted') === true ? 'https' : 'http',
          headers: request.headers,
          host: request.headers.host,
          ip,
        },
        { sendDefaultPii, maxBodyLength: MAX_BODY_LENGTH },
      ),
    }),
    ...(user && { user }),
    transaction: transaction.name,
    transaction_info: { source: transaction.source },
    extra: {
      client_id: safeString(client, 'id'),
      namespace: safeString(safeRead(client, 'nsp'), 'name'),
      // What a client sends is a body like any other.
      ...(sendDefaultPii && { payload: work.payload }),
    },
  };
}

/** The headers that the connection began with. */
export function handshakeHeaders(request: unknown): IncomingMessage['headers'] {
  return isRequest(request) ? request.headers : {};
}

/** Whom the app says a client to be: on the client itself, in socket.io's `data`, or on the handshake's request. */
export function userOfClient(client: unknown, request: unknown): unknown {
  return safeRead(client, 'user') ?? safeRead(safeRead(client, 'data'), 'user') ?? safeRead(request, 'user');
}

function addressOf(client: unknown, request: unknown): string | undefined {
  return (
    safeString(safeRead(client, 'handshake'), 'address') ??
    safeString(safeRead(request, 'socket'), 'remoteAddress')
  );
}

function isRequest(request: unknown): request is IncomingMessage {
  const headers = safeRead(request, 'headers');
  return typeof headers === 'object' && headers !== null;
}
