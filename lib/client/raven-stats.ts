import type { DropReason } from '../transport/account';
import type { TransportState } from '../transport/transport-state';

/**
 * Where everything went since the client was made. At any moment
 * `captured = sent + the sum of dropped + pending + spooled`.
 */
export interface RavenStats {
  /** Events that were to be reported, also those that were ignored or sampled out. */
  captured: number;
  /** Delivered. With a transport of the app's own: handed over to it. */
  sent: number;
  /** Lost, by reason: Sentry's words, and `rate_limited` for what the server refused with 429. */
  dropped: Partial<Record<DropReason, number>>;
  /** In memory: waiting, on their way, or in a `beforeSend` that takes its time. */
  pending: number;
  /** Written to the spool, and not read back by this client. */
  spooled: number;
  /** Attempts that failed and were or will be repeated. */
  retried: number;
  /** Delivered from the spool for another process; in none of the sums. */
  recovered: number;
  /** Envelopes that wait. */
  queueLength: number;
  /** Bytes of events in memory, serialized. */
  queueBytes: number;
  state: TransportState;
  /** What went wrong with delivery last; without secrets. */
  lastError?: { message: string; /** Milliseconds since the epoch. */ atMs: number };
}
