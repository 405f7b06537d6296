import { Agent as HttpAgent, type OutgoingHttpHeaders, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { HttpClient, HttpExchange } from './http-client';
import { NodeExchange } from './node-exchange';

/** What a {@link NodeHttpClient} is made of. */
export interface NodeHttpClientOptions {
  url: string;
  /** The same for every request. */
  headers: OutgoingHttpHeaders;
  /** Connections at a time, of an agent of our own. */
  maxSockets: number;
  /** One of the user's; default one of our own. */
  agent?: HttpAgent | HttpsAgent;
}

/** How agents of our own keep connections: the warmest is used first. */
export const KEEP_ALIVE = { keepAlive: true, scheduling: 'lifo' } as const;

/** Makes POSTs by Node's own client, with as little between as can be: no proxies, no redirects, no cookies. */
export class NodeHttpClient implements HttpClient {
  readonly #options: RequestOptions;
  readonly #headers: OutgoingHttpHeaders;
  readonly #ownAgent?: HttpAgent;

  constructor({ url, headers, maxSockets, agent }: NodeHttpClientOptions) {
    const { protocol, hostname, port, path } = urlToHttpOptions(new URL(url));
    if (agent === undefined) {
      const Agent = protocol === 'https:' ? HttpsAgent : HttpAgent;
      this.#ownAgent = new Agent({ ...KEEP_ALIVE, maxSockets });
    }
    this.#options = { method: 'POST', protocol, hostname, port, path, agent: agent ?? this.#ownAgent };
    this.#headers = headers;
  }

  /** Node has it. */
  load(): void {}

  post(body: Buffer, isPacked: boolean): HttpExchange {
    // No list, though Node is a little faster by one: what traces requests takes it for an object.
    const headers: OutgoingHttpHeaders = { ...this.#headers, 'Content-Length': body.byteLength };
    if (isPacked) headers['Content-Encoding'] = 'gzip';
    return new NodeExchange({ ...this.#options, headers }, body);
  }

  secrets(): readonly string[] {
    return [];
  }

  destroy(): void {
    this.#ownAgent?.destroy();
  }
}
