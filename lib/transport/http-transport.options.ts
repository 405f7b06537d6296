import type { AxiosOption } from './axios-client';
import type { ServerTransportOptions } from './server.transport';

/** Everything the HTTP transport can be told; only `dsn` and `logger` must be. */
export interface HttpTransportOptions extends ServerTransportOptions {
  /** An axios instance, used as it is, or configuration for one of our own (proxy, CA, agents, headers). */
  axios?: AxiosOption | undefined;
}
