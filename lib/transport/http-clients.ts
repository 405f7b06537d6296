import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { AxiosClient, type AxiosOption } from './axios-client';
import type { HttpClient, HttpExchange } from './http-client';
import { headersFor, type HttpTarget } from './http-target';
import { LeanAxiosClient } from './lean-axios-client';
import { NodeHttpClient } from './node-http-client';
import { proxyVariables } from './proxy-variables';

/** Whom a client sends to, over how many connections at a time. */
export interface ClientTarget {
  target: Pick<HttpTarget, 'url' | 'auth' | 'protocol'>;
  maxSockets: number;
}

/**
 * Makes a client that is axios.
 *
 * @param axios - an instance of the user's, or configuration for one of our own
 */
export function axiosClient(options: ClientTarget, axios?: AxiosOption): HttpClient {
  if (axios !== undefined) return new AxiosClient({ ...options, axios });
  const lean = new LeanAxiosClient(nodeClient(options));
  let full: HttpClient | undefined;
  // Asked for each request, as axios does.
  const current = (): HttpClient =>
    proxyVariables().length === 0 ? lean : (full ??= new AxiosClient(options));
  return {
    load: () => current().load(),
    post: (body, isPacked): HttpExchange => current().post(body, isPacked),
    secrets: () => current().secrets(),
    destroy: () => {
      lean.destroy();
      full?.destroy();
    },
  };
}

/**
 * Makes a client that is Node's own. Proxies are axios's business: where the environment names any, it does this too.
 *
 * @param agent - of the user's; it holds for axios as well
 */
export function nodeHttpClient(options: ClientTarget, agent?: HttpAgent | HttpsAgent): HttpClient {
  if (proxyVariables().length === 0) return nodeClient(options, agent);
  return new AxiosClient({ ...options, ...(agent && { axios: { httpAgent: agent, httpsAgent: agent } }) });
}

function nodeClient({ target, maxSockets }: ClientTarget, agent?: HttpAgent | HttpsAgent): NodeHttpClient {
  return new NodeHttpClient({ url: target.url, headers: headersFor(target), maxSockets, agent });
}
