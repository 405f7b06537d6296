import { expect, it } from 'vitest';
import { Discards } from '../../lib/protocol/discards';

it('counts by reason and category and gives each count out once', () => {
  const discards = new Discards();
  discards.record('queue_overflow', 'error');
  discards.record('queue_overflow', 'error', 2);
  discards.record('queue_overflow', 'session');
  discards.record('send_error', 'error');
  expect(discards.take(12)).toEqual({
    timestamp: 12,
    discarded_events: [
      { reason: 'queue_overflow', category: 'error', quantity: 3 },
      { reason: 'queue_overflow', category: 'session', quantity: 1 },
      { reason: 'send_error', category: 'error', quantity: 1 },
    ],
  });
  expect(discards.take()).toBeUndefined();
  expect(discards.total()).toBe(5);
});

it('begins anew after the counts were taken', () => {
  const discards = new Discards();
  discards.record('sample_rate', 'error', 7);
  discards.take();
  discards.record('sample_rate', 'error');
  expect(discards.take()?.discarded_events).toEqual([
    { reason: 'sample_rate', category: 'error', quantity: 1 },
  ]);
});

it('ignores quantities that mean nothing', () => {
  const discards = new Discards();
  for (const quantity of [0, -1, Number.NaN]) discards.record('invalid', 'error', quantity);
  expect([discards.take(), discards.total()]).toEqual([undefined, 0]);
});
