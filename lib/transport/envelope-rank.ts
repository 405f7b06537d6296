import type { Envelope, EnvelopeItem } from '../protocol/envelope';

const RANK_OF_LEVEL: ReadonlyMap<unknown, number> = new Map([
  ['fatal', 25],
  ['error', 24],
  ['warning', 23],
  ['info', 22],
  ['debug', 21],
]);
const RANK_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ['feedback', 24],
  ['user_report', 24],
  ['session', 12],
  ['sessions', 12],
  ['check_in', 12],
  ['transaction', 8],
  ['log', 4],
  ['trace_metric', 4],
  ['client_report', 2],
]);

/**
 * How much an envelope matters when there is no room for all: events by level, then sessions and check-ins, then
 * transactions, then logs (the order of Sentry's backend specification). Higher is more.
 */
export function envelopeRank(envelope: Envelope): number {
  return envelope.items.reduce((highest, item) => Math.max(highest, itemRank(item)), 0);
}

function itemRank({ headers, payload }: EnvelopeItem): number {
  if (headers.type !== 'event') return RANK_OF_TYPE.get(headers.type) ?? 0;
  const level = 'level' in payload ? payload['level'] : undefined;
  return RANK_OF_LEVEL.get(level ?? 'error') ?? 24;
}
