import type { Discards } from '../protocol/discards';
import type { Dsn } from '../protocol/dsn';
import type { AxiosOption } from './axios-client';
import type { RetryPolicy } from './retry-policy';
import type { SetTimer } from './set-timer';
import type { TransportLogger } from './transport-logger';

/** Everything the HTTP transport can be told; only `dsn` and `logger` must be. */
export interface HttpTransportOptions {
  dsn: Dsn;
  /** `store` for servers that know no envelopes: events only, all else is dropped. Default `envelope`. */
  protocol?: 'envelope' | 'store';
  /** An axios instance, used as it is, or configuration for one of our own (proxy, CA, agents, headers). */
  axios?: AxiosOption;
  logger: TransportLogger;
  /** Most envelopes that wait. Default 1000. */
  maxQueueLength?: number;
  /** Most bytes that wait, serialized. Default 32 MiB. */
  maxQueueBytes?: number;
  /** Most requests at a time; one while the server is failing. Default 8. */
  maxConcurrency?: number;
  /** For one request. Default 10 000. */
  timeoutMs?: number;
  /** How long an envelope is kept at most. Default a day: servers take events that are up to 30 days old. */
  maxAgeMs?: number;
  /** Answers 408, 425 or 5xx (but 502, 503, 504) after which an envelope is given up. Default 10. */
  maxRejections?: number;
  /** What becomes of a failed delivery; replaces the default policy and with it `maxRejections`. */
  retryPolicy?: RetryPolicy;
  /** The counter of what is lost, to share it with the client. Default one of its own. */
  discards?: Discards;
  /** Monotonic clock in milliseconds. */
  now?: () => number;
  /** Milliseconds since the epoch. */
  wallClock?: () => number;
  setTimer?: SetTimer;
}
