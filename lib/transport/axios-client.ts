import type { Axios, AxiosAdapter, AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { axiosPackage } from './axios-package';
import { quietTransport, type NodeTransport } from './quiet-transport';
import { sendableHeaders } from './sendable-headers';
import { Tunnels } from './tunnels';

/** What the user may give: an instance that is used as it is, or configuration for one of our own. */
export type AxiosOption = AxiosInstance | AxiosRequestConfig;

/** Sends single requests; what must hold of every one of them is in here. */
export interface AxiosClient {
  /** Loads what the first request would. @throws where it cannot be loaded */
  load(): void;
  /** @param config - with the `signal` that ends the request, whatever it waits for */
  request(config: AxiosRequestConfig): Promise<AxiosResponse<unknown>>;
  /** Ends the connections that are ours; those of agents the user gave stay. */
  destroy(): void;
}

const BUILT_IN_ADAPTERS = new Set<unknown>(['xhr', 'http', 'fetch']);
const asIs = (data: unknown): unknown => data;

/**
 * Makes the HTTP client.
 *
 * Without an instance of the user's, it starts from none of axios's global defaults: an application that sets its
 * own `Authorization` there must not have it sent to the error server. Proxies come from the environment, as always
 * with axios: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case.
 *
 * @param maxSockets - connections at a time, of agents of our own
 */
export function createAxiosClient(given: AxiosOption | undefined, maxSockets: number): AxiosClient {
  const tunnels = new Tunnels();
  if (isInstance(given)) {
    return {
      load: () => void axiosPackage(),
      request: (config) => given.request({ ...requiredConfig(given.defaults, config, tunnels), ...config }),
      destroy: () => tunnels.destroy(),
    };
  }
  const agentOptions = { keepAlive: true, maxSockets, scheduling: 'lifo' } as const;
  const agents = { httpAgent: new HttpAgent(agentOptions), httpsAgent: new HttpsAgent(agentOptions) };
  let made: InstanceType<typeof Axios> | undefined;
  const client = (): InstanceType<typeof Axios> =>
    (made ??= new (axiosPackage().Axios)({ ...agents, ...given, headers: sendableHeaders(given?.headers) }));
  return {
    load: () => void client(),
    request: (config) => client().request({ ...requiredConfig(given ?? {}, config, tunnels), ...config }),
    destroy: () => {
      tunnels.destroy();
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function isInstance(given: AxiosOption | undefined): given is AxiosInstance {
  return given !== undefined && 'request' in given && typeof given.request === 'function';
}

/** What wins over anything the user configured: a report is one POST to one place, byte for byte. */
function requiredConfig(
  given: Pick<AxiosRequestConfig, 'adapter' | 'transport'>,
  { signal }: AxiosRequestConfig,
  tunnels: Tunnels,
): AxiosRequestConfig {
  const abandoned = signal instanceof AbortSignal ? signal : undefined;
  return {
    method: 'POST',
    allowAbsoluteUrls: true,
    adapter: ownAdapter(given.adapter) ?? 'http',
    transport: quietTransport(tunnels, abandoned, given.transport as NodeTransport | undefined),
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
