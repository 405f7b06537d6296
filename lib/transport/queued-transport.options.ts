import type { Account } from './account';
import type { RetryPolicy } from './retry-policy';
import type { SetTimer } from './set-timer';
import type { SpoolOption } from './spool-option';
import type { TransportLogger } from './transport-logger';

/** See `maxConcurrency`. */
export const DEFAULT_CONCURRENCY = 32;
/** See `timeoutMs`. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** What every transport that queues can be told. */
export interface QueuedTransportSettings {
  logger: TransportLogger;
  /** `store` for servers that know no envelopes: events only, all else is dropped. Default `envelope`. */
  protocol?: 'envelope' | 'store' | undefined;
  /** Most envelopes in memory. Default 10 000. */
  maxQueueLength?: number | undefined;
  /** Most bytes in memory, with the copies that sending makes. Default 32 MiB. See {@link MEMORY_SHARES}. */
  maxQueueBytes?: number | undefined;
  /** Most attempts at a time; one while the server is failing. Default 32: a server that takes seconds to answer is no outage. */
  maxConcurrency?: number | undefined;
  /** For one attempt. Default 10 000. */
  timeoutMs?: number | undefined;
  /** How long an envelope is kept in memory at most. Default a day: servers take events that are up to 30 days old. */
  maxAgeMs?: number | undefined;
  /** Answers 408, 425 or 5xx (but 502, 503, 504) after which an envelope is given up. Default 10. */
  maxRejections?: number | undefined;
  /** What becomes of a failed delivery; replaces the default policy and with it `maxRejections`. */
  retryPolicy?: RetryPolicy | undefined;
  /** Where what cannot be sent is kept on disk. Default nowhere. */
  spool?: SpoolOption | undefined;
  /** Whether the server is told what was lost. Default true. */
  sendClientReports?: boolean | undefined;
  /** How long such a report waits for something to go along with. Default 60 000. */
  reportEveryMs?: number | undefined;
  /** The counts, to share them with the client. Default ones of its own. */
  account?: Account | undefined;
  /** Monotonic clock in milliseconds. */
  now?: (() => number) | undefined;
  /** Milliseconds since the epoch. */
  wallClock?: (() => number) | undefined;
  /** A number from 0 up to, not including, 1. */
  random?: (() => number) | undefined;
  setTimer?: SetTimer | undefined;
}

/** What the pipeline needs to know of where it delivers to. */
export interface QueuedTransportOptions extends Omit<QueuedTransportSettings, 'spool'> {
  /** Its address for the log, without keys. */
  server: string;
  spool?: SpoolOption & {
    /** The DSN without its secret. */
    publicDsn: string;
  };
}
