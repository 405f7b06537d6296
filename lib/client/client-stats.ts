import type { Outbox } from './outbox';
import type { RavenStats } from './raven-stats';
import type { UnderWay } from './under-way';

/** Where everything went that a client has captured. */
export function clientStats(outbox: Outbox, underWay: UnderWay): RavenStats {
  const { captured, retried, spooled, sent, recovered, dropped, lastError } = outbox.counts();
  const { state, queueLength, queueBytes } = outbox.status;
  return {
    captured,
    sent,
    dropped,
    pending: underWay.pending,
    spooled,
    retried,
    recovered,
    queueLength,
    queueBytes,
    state,
    ...(lastError && { lastError }),
  };
}
