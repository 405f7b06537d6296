import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { TunnelledRequestOptions } from './tunnel-agent';
import type { Tunnels } from './tunnels';
import { unrefSocket } from './unref-socket';

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
 * @param tunnels - lead through proxies to https servers
 * @param abandoned - fires when nobody waits for the request any more
 * @param inner - the user's own, if any
 */
export function quietTransport(
  tunnels: Tunnels,
  abandoned?: AbortSignal,
  inner?: NodeTransport,
): NodeTransport {
  return {
    request(given, onResponse) {
      const options: TunnelledRequestOptions = { ...given, agent: tunnels.instead(given.agent), abandoned };
      const transport = inner ?? (options.protocol === 'https:' ? https : http);
      const request = transport.request(options, onResponse);
      request.on('socket', unrefSocket);
      return request;
    },
  };
}
