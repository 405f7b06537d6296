import type { Dsn } from '../protocol/dsn';
import type { AxiosOption } from './axios-client';
import type { QueuedTransportSettings } from './queued-transport.options';

/** Everything the HTTP transport can be told; only `dsn` and `logger` must be. */
export interface HttpTransportOptions extends QueuedTransportSettings {
  dsn: Dsn;
  /** An axios instance, used as it is, or configuration for one of our own (proxy, CA, agents, headers). */
  axios?: AxiosOption;
}
