import type { EncodedItem, Envelope } from '../../protocol/envelope';
import type { SetTimer } from '../set-timer';
import type { TransportLogger } from '../transport-logger';
import type { SpoolProcess } from './spool-owner';

/** What a `Spool` is made of. */
export interface SpoolOptions {
  /** Made with its parents where missing, readable by its owner alone. */
  directory: string;
  /** Of all waiting files of the DSN together, whichever process wrote them. */
  maxBytes: number;
  /** What waits for longer is removed. */
  maxAgeMs: number;
  /** A larger envelope is not written, and a larger file not read. Default `maxBytes`, at most 64 MiB. */
  maxFileBytes?: number;
  /** The DSN without its secret. Each DSN has a folder of its own. */
  publicDsn: string;
  logger: TransportLogger;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
  /** Monotonic clock in milliseconds. */
  now: () => number;
  setTimer: SetTimer;
  /** Default this process. */
  process?: SpoolProcess;
  /** Told of each envelope that the spool lost; in the case of another process's too, and then nobody else is. */
  lost(loss: SpoolLoss): void;
  /** Told that another process has taken so many events that this `Spool` wrote; negative. Positive: it gave them back. */
  moved?(quantity: number): void;
}

/** One envelope that was in the spool and will not be delivered. */
export interface SpoolLoss {
  /** `cache_overflow`: there was no room; `network_error`: it became too old; `internal_sdk_error`: it cannot be read. */
  reason: 'cache_overflow' | 'network_error' | 'internal_sdk_error';
  /** How many events and the like were in it. */
  quantity: number;
  /** Whether this `Spool` wrote it. */
  isOwn: boolean;
}

/** An envelope as it goes into a spool and comes back. */
export interface SpoolContent {
  headers: Envelope['headers'];
  items: readonly EncodedItem[];
  /** Higher matters more; see `envelopeRank`. */
  rank: number;
  /** Milliseconds since the epoch. */
  createdMs: number;
  /** Rises with every envelope of a client; default one of the spool's own. */
  sequence?: number;
}

/** An envelope of the spool that this process has for itself. */
export interface SpoolClaim {
  readonly name: string;
  /** Whether this `Spool` wrote it. */
  readonly isOwn: boolean;
}
