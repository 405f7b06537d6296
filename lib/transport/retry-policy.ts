import { parseRetryAfter } from '../protocol/retry-after';
import type { DropReason } from './account';
import type { Delivery } from './delivery';
import type { SendResult } from './send-result';

/** What becomes of a delivery after an attempt. */
export type Verdict =
  | { kind: 'delivered' }
  /** Kept, and nothing is sent for a while: as long as the server asked, else as the back-off says. */
  | { kind: 'pause'; retryAfterS?: number }
  /** Kept and sent again without a pause: nothing is wrong with the server. */
  | { kind: 'repeat' }
  /** Lost. */
  | { kind: 'discard'; reason: DropReason };

/** Decides what becomes of a delivery. */
export interface RetryPolicy {
  /** @param wallMs - milliseconds since the epoch, for a `Retry-After` that is a date */
  judge(result: SendResult, delivery: Delivery, wallMs: number): Verdict;
}

/** Answers that speak of the server's state and not of what was sent: however often, they are no reason to give up. */
const UNAVAILABLE = new Set([502, 503, 504]);
const MAX_REPEATS = 2;

/**
 * Keeps what a server could not take for reasons of its own: no answer, 408, 425 and 5xx. Everything else that is not
 * 2xx is final. Sentry's specification lets clients drop on 5xx; this one does not ("nothing lost").
 *
 * What a server would count twice (sessions, logs) is sent again only if it surely did not arrive. An envelope that
 * gets `maxRejections` answers other than 502, 503, 504 is given up: it may be what breaks the server.
 */
export class KeepUntilTaken implements RetryPolicy {
  readonly #maxRejections: number;

  constructor(maxRejections: number) {
    this.#maxRejections = maxRejections;
  }

  judge(result: SendResult, delivery: Delivery, wallMs: number): Verdict {
    if ('networkError' in result) {
      if (result.isStaleSocket && delivery.attempts < MAX_REPEATS) return { kind: 'repeat' };
      if (delivery.isRepeatable || result.isUnsent) return { kind: 'pause' };
      return { kind: 'discard', reason: 'network_error' };
    }
    const { status } = result;
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    if (status === 429) return { kind: 'discard', reason: 'rate_limited' };
    if (status !== 408 && status !== 425 && status < 500) return { kind: 'discard', reason: 'send_error' };
    if (!UNAVAILABLE.has(status)) delivery.rejections += 1;
    if (!delivery.isRepeatable || delivery.rejections >= this.#maxRejections) {
      return { kind: 'discard', reason: 'send_error' };
    }
    const retryAfterS = parseRetryAfter(result.retryAfter, wallMs);
    return retryAfterS === undefined ? { kind: 'pause' } : { kind: 'pause', retryAfterS };
  }
}
