import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What axios calls to begin a request: Node's `http` or `https`, or a stand-in. */
export interface NodeTransport {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

/**
 * Begins requests whose connections do not keep the process alive, whichever agent or proxy makes them.
 *
 * An agent makes a kept-alive socket count again when somebody else uses it, so other requests over an agent that is
 * shared with us are not affected.
 *
 * @param inner - the user's own, if any
 */
export function quietTransport(inner?: NodeTransport): NodeTransport {
  return {
    request(options, onResponse) {
      const transport = inner ?? (options.protocol === 'https:' ? https : http);
      const request = transport.request(options, onResponse);
      request.on('socket', unref);
      return request;
    },
  };
}

/** Each address that is tried has a handle of its own, so it is done anew for every one. */
function unref(socket: Socket): void {
  // A proxy's agent may give a stream that is no socket.
  if (typeof socket.unref !== 'function') return;
  socket.unref();
  if (!socket.connecting) return;
  const again = (): void => void socket.unref();
  socket.on('connectionAttempt', again);
  socket.once('connect', () => {
    socket.off('connectionAttempt', again);
    socket.unref();
  });
}
