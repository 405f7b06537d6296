import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest, type AgentOptions, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { unrefSocket } from './unref-socket';

/** A proxy, and how to reach it. */
export interface TunnelProxy {
  host: string;
  port: number;
  /** `user:password`. */
  auth?: string;
  /** Whether it speaks TLS itself. */
  isSecure: boolean;
}

/** A request as a {@link TunnelAgent} sees it. */
export interface TunnelledRequestOptions extends RequestOptions {
  /** Breaks off the digging: Node tells an agent nothing of a request that is given up before it has a socket. */
  abandoned?: AbortSignal;
}

type Created = (error: Error | null, socket: Duplex) => void;

/**
 * Keeps connections to https servers that lead through a proxy, by CONNECT: the proxy sees the server's name alone,
 * and TLS is the server's, checked as without a proxy.
 *
 * What the proxy says when it will not dig is an error and no answer of the server. While a tunnel is dug it keeps
 * no process alive, it ends with the request that it is for, and no more is read than what Node takes for a head.
 */
export class TunnelAgent extends Agent {
  readonly #proxy: TunnelProxy;

  /** @param options - as of an agent without a proxy; the TLS options hold for a secure proxy too */
  constructor(proxy: TunnelProxy, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: TunnelledRequestOptions, created?: Created): undefined {
    const fail = (error: Error): void => (created as ((error: Error) => void) | undefined)?.(error);
    this.#dig(options, fail, (socket) => {
      let secured: Duplex | null | undefined;
      try {
        secured = super.createConnection({ ...options, socket } as RequestOptions);
      } catch (error) {
        socket.destroy();
        return fail(error as Error);
      }
      if (secured) created?.(null, secured);
    });
  }

  #dig(options: TunnelledRequestOptions, fail: (error: Error) => void, dug: (socket: Duplex) => void): void {
    const { host, port, auth, isSecure } = this.#proxy;
    const target = targetOf(options);
    const basic = auth && `Basic ${Buffer.from(auth).toString('base64')}`;
    const request = (isSecure ? httpsRequest : httpRequest)({
      ...this.options,
      // From Node 24 on an agent's options have that of its servers.
      protocol: isSecure ? 'https:' : 'http:',
      host,
      port,
      // Node would take the name from the header.
      servername: isIP(host) ? '' : host,
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...(basic && { 'Proxy-Authorization': basic }) },
      agent: false,
    });
    const abandon = (): void => void request.destroy(new Error('given up'));
    const { abandoned } = options;
    abandoned?.addEventListener('abort', abandon, { once: true });
    request.once('close', () => abandoned?.removeEventListener('abort', abandon));
    request.on('socket', unrefSocket);
    request.on('error', fail);
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      abandoned?.removeEventListener('abort', abandon);
      // Whoever uses it from here on is told by TLS; an error that nobody listens to would end the process.
      socket.on('error', () => undefined);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        return dug(socket);
      }
      socket.destroy();
      fail(new Error(statusCode === 407 ? PROXY_WANTS_CREDENTIALS : `the proxy answered ${statusCode}`));
    });
    request.end();
    if (abandoned?.aborted) abandon();
  }
}

/** What 407 means, from whichever side of the proxy it comes. */
export const PROXY_WANTS_CREDENTIALS = 'the proxy wants other credentials (407)';

/** `host:port`; an IPv6 address in brackets. */
function targetOf({ host, port }: RequestOptions): string {
  const name = host ?? 'localhost';
  return `${name.includes(':') ? `[${name}]` : name}:${port ?? 443}`;
}
