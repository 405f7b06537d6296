import type { Envelope } from '../../../lib/protocol/envelope';
import type { Level, RavenEvent } from '../../../lib/protocol/event';

/** The id of the n-th event of a test. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** An envelope with one small event. */
export function eventEnvelope(
  n: number,
  level: Level = 'error',
  extra: Record<string, unknown> = {},
): Envelope {
  const event: RavenEvent = {
    event_id: idOf(n),
    timestamp: 1_795_000_000.5,
    platform: 'node',
    level,
    message: `event ${n}`,
    tags: {},
    extra,
  };
  return { headers: { event_id: idOf(n) }, items: [{ headers: { type: 'event' }, payload: event }] };
}

/** An envelope with an item that a server would count twice. */
export function sessionEnvelope(): Envelope {
  return { headers: {}, items: [{ headers: { type: 'sessions' }, payload: { aggregates: [] } }] };
}
