import { expect, it } from 'vitest';
import { envelopeRank } from '../../lib/transport/envelope-rank';
import { eventEnvelope, sessionEnvelope } from './support/envelopes';

it('events matter by level, and more than sessions, transactions, logs and unknown things', () => {
  const ofType = (type: string): number =>
    envelopeRank({ headers: {}, items: [{ headers: { type }, payload: {} }] });
  const ranks = [
    ...(['fatal', 'error', 'warning', 'info', 'debug'] as const).map((level) =>
      envelopeRank(eventEnvelope(1, level)),
    ),
    envelopeRank(sessionEnvelope()),
    ofType('transaction'),
    ofType('log'),
    ofType('client_report'),
    ofType('brand_new'),
  ];
  expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => b - a));
});

it('an envelope matters as much as its most important item', () => {
  const both = { headers: {}, items: [...sessionEnvelope().items, ...eventEnvelope(1).items] };
  expect(envelopeRank(both)).toBe(envelopeRank(eventEnvelope(1)));
});
