import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { AxiosExchange } from './axios-exchange';
import { axiosPackage } from './axios-package';
import type { HttpClient, HttpExchange } from './http-client';
import { headersFor, type HttpTarget } from './http-target';
import { KEEP_ALIVE } from './node-http-client';
import { proxySecrets } from './proxy-secrets';
import { quietTransport, type NodeTransport } from './quiet-transport';
import { sendableHeaders } from './sendable-headers';
import { Tunnels } from './tunnels';

/** What the user may give: an instance that is used as it is, or configuration for one of our own. */
export type AxiosOption = AxiosInstance | AxiosRequestConfig;

/** Where an {@link AxiosClient} sends to, and how. */
export interface AxiosClientOptions {
  target: Pick<HttpTarget, 'url' | 'auth' | 'protocol'>;
  axios?: AxiosOption;
  /** Connections at a time, of agents of our own. */
  maxSockets: number;
}

const BUILT_IN_ADAPTERS = new Set<unknown>(['xhr', 'http', 'fetch']);
const asIs = (data: unknown): unknown => data;

/**
 * Makes POSTs by axios, with all that can be configured there.
 *
 * Without an instance of the user's, it starts from none of axios's global defaults: an application that sets its
 * own `Authorization` there must not have it sent to the error server. Proxies come from the environment, as always
 * with axios: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case.
 */
export class AxiosClient implements HttpClient {
  readonly #options: AxiosClientOptions;
  readonly #instance: () => Pick<AxiosInstance, 'request'>;
  readonly #defaults: Pick<AxiosRequestConfig, 'adapter' | 'transport'>;
  readonly #tunnels = new Tunnels();
  readonly #ownAgents: readonly HttpAgent[] = [];

  constructor(options: AxiosClientOptions) {
    const { axios: given, maxSockets } = options;
    this.#options = options;
    if (isInstance(given)) {
      this.#instance = () => given;
      this.#defaults = given.defaults;
      return;
    }
    const agentOptions = { ...KEEP_ALIVE, maxSockets };
    const httpAgent = new HttpAgent(agentOptions);
    const httpsAgent = new HttpsAgent(agentOptions);
    this.#ownAgents = [httpAgent, httpsAgent];
    let made: Pick<AxiosInstance, 'request'> | undefined;
    this.#instance = () =>
      (made ??= new (axiosPackage().Axios)({
        httpAgent,
        httpsAgent,
        ...given,
        headers: sendableHeaders(given?.headers),
      }));
    this.#defaults = given ?? {};
  }

  load(): void {
    this.#instance();
    // Answers are read by it, too.
    axiosPackage();
  }

  post(body: Buffer, isPacked: boolean): HttpExchange {
    const { url, auth } = this.#options.target;
    // `false` takes out a header that the user's instance has by default.
    const headers = {
      Cookie: false,
      'X-Sentry-Auth': auth ?? false,
      ...headersFor(this.#options.target),
      'Content-Encoding': isPacked ? 'gzip' : false,
    };
    return new AxiosExchange((signal) =>
      this.#instance().request({
        ...requiredConfig(this.#defaults, signal, this.#tunnels),
        url,
        data: body,
        headers,
      }),
    );
  }

  /** Anew each time, as axios finds its proxy anew for each request. */
  secrets(): readonly string[] {
    return proxySecrets(this.#options.axios);
  }

  destroy(): void {
    this.#tunnels.destroy();
    for (const agent of this.#ownAgents) agent.destroy();
  }
}

function isInstance(given: AxiosOption | undefined): given is AxiosInstance {
  return given !== undefined && 'request' in given && typeof given.request === 'function';
}

/** What wins over anything the user configured: a report is one POST to one place, byte for byte. */
function requiredConfig(
  given: Pick<AxiosRequestConfig, 'adapter' | 'transport'>,
  signal: AbortSignal,
  tunnels: Tunnels,
): AxiosRequestConfig {
  return {
    method: 'POST',
    allowAbsoluteUrls: true,
    adapter: ownAdapter(given.adapter) ?? 'http',
    transport: quietTransport(tunnels, signal, given.transport as NodeTransport | undefined),
    signal,
    // The way over HTTP/2 has connections of its own, which would keep the process alive.
    httpVersion: 1,
    // The transport's own timer bounds the whole; axios's would keep the process alive.
    timeout: 0,
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
    decompress: false,
    maxContentLength: -1,
    maxBodyLength: Number.POSITIVE_INFINITY,
    transformRequest: [asIs],
    transformResponse: [asIs],
  };
}

/** An adapter the user chose, not the list that every instance has by default. */
function ownAdapter(adapter: AxiosRequestConfig['adapter']): AxiosRequestConfig['adapter'] | undefined {
  const isDefault = Array.isArray(adapter) && adapter.every((one: unknown) => BUILT_IN_ADAPTERS.has(one));
  return isDefault ? undefined : (adapter as AxiosAdapter | undefined);
}
