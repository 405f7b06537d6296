import type { HealthIndicatorResult } from '@nestjs/terminus';
import type { RavenStats } from '../client/raven-stats';
import type { TransportState } from '../transport/transport-state';

/** How delivery does, as it stands in the answer of a health check. */
export type RavenHealthDetails = {
  /** Of the client; `disabled` without a DSN or after its end, `unknown` where the app has no such client. */
  state: TransportState | 'disabled' | 'unknown';
  /** Events in memory. */
  pending?: number;
  /** Events in the spool, on disk. */
  spooled?: number;
  /** Events that were not delivered and will not be, whatever the reason. */
  dropped?: number;
  /** Of those the ones that were to be sent: not what was ignored, sampled out, dropped by a hook or held back in a storm. */
  lost?: number;
  /** What went wrong with delivery last; without secrets. */
  lastError?: RavenStats['lastError'];
  /** What is beyond a limit, or why nothing is known. */
  message?: string;
};

/** Details under the key of a health check, with a status that the app's Terminus knows. */
export type RavenHealth<Key extends string = string> = Record<
  Key,
  HealthIndicatorResult[string] & RavenHealthDetails
>;
