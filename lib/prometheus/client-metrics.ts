import type { RavenClient } from '../client/raven.client';
import type { RavenStats } from '../client/raven-stats';
import { DISCARD_REASONS } from '../protocol/discards';
import type { DropReason } from '../transport/account';
import type { TransportState } from '../transport/transport-state';

/** A metric as it is read from a client. */
export interface ClientMetric {
  /** Follows the prefix. */
  name: string;
  help: string;
  /** Whether it only grows, or goes up and down. */
  kind: 'counter' | 'gauge';
  /** What tells its values of one client apart; none where there is but one. */
  label?: 'reason' | 'state';
  /** The value, or one for each value of the label. */
  read: (stats: RavenStats, client: RavenClient) => number | readonly (readonly [string, number])[];
}

const STATES = ['online', 'limited', 'offline', 'disabled'] satisfies (TransportState | 'disabled')[];

/** All there are from the start: a rate cannot tell that a count which was not there before has grown. */
const REASONS: readonly DropReason[] = [...DISCARD_REASONS, 'rate_limited'];

/** What is told of a client: its {@link RavenStats} by the conventions of Prometheus for names and units. */
export const CLIENT_METRICS: readonly ClientMetric[] = [
  {
    name: 'events_captured_total',
    help: 'Events that were to be reported.',
    kind: 'counter',
    read: ({ captured }) => captured,
  },
  {
    name: 'events_sent_total',
    help: 'Events that the server took, or a transport of the app.',
    kind: 'counter',
    read: ({ sent }) => sent,
  },
  {
    name: 'events_dropped_total',
    help: 'Events that were not delivered and will not be, by reason.',
    kind: 'counter',
    label: 'reason',
    read: ({ dropped }) => REASONS.map((reason) => [reason, dropped[reason] ?? 0]),
  },
  {
    name: 'events_recovered_total',
    help: 'Events of other processes that were delivered from the spool.',
    kind: 'counter',
    read: ({ recovered }) => recovered,
  },
  {
    name: 'delivery_retries_total',
    help: 'Attempts to deliver an event that failed and were or will be repeated.',
    kind: 'counter',
    read: ({ retried }) => retried,
  },
  {
    name: 'events_pending',
    help: 'Events in memory.',
    kind: 'gauge',
    read: ({ pending }) => pending,
  },
  {
    name: 'events_spooled',
    help: 'Events that this process wrote to the spool and did not read back.',
    kind: 'gauge',
    read: ({ spooled }) => spooled,
  },
  {
    name: 'queue_envelopes',
    help: 'Envelopes that wait.',
    kind: 'gauge',
    read: ({ queueLength }) => queueLength,
  },
  {
    name: 'queue_bytes',
    help: 'Bytes of events in memory, serialized.',
    kind: 'gauge',
    read: ({ queueBytes }) => queueBytes,
  },
  {
    name: 'delivery_state',
    help: 'Whether the client is in the state: 1 or 0.',
    kind: 'gauge',
    label: 'state',
    read: ({ state }, client) => {
      const current = client.isEnabled() ? state : 'disabled';
      return STATES.map((name) => [name, name === current ? 1 : 0]);
    },
  },
];
