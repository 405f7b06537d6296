import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../lib/transport/delivery';
import { SendQueue } from '../../lib/transport/send-queue';

const delivery = (sequence: number, rank = 1, bytes = 1, attempts = 0): Delivery => ({
  sequence,
  rank,
  bytes,
  attempts,
  headers: {},
  items: [],
  createdMs: 0,
  isRepeatable: true,
  rejections: 0,
});
const sequences = (deliveries: Delivery[]): number[] => deliveries.map(({ sequence }) => sequence);

describe('the queue', () => {
  it('gives out what arrived first, and what failed before only after the others', () => {
    const queue = new SendQueue({ maxLength: 10, maxBytes: 100 });
    [delivery(3, 1, 1, 1), delivery(1, 1, 1, 2), delivery(4), delivery(2)].forEach((one) => queue.add(one));
    const taken = [queue.take(), queue.take(), queue.take(), queue.take(), queue.take()];
    expect(taken.map((one) => one?.sequence)).toEqual([2, 4, 3, 1, undefined]);
  });

  it('drops the oldest of the least important', () => {
    const queue = new SendQueue({ maxLength: 2, maxBytes: 100 });
    expect(sequences([...queue.add(delivery(1, 5)), ...queue.add(delivery(2, 3))])).toEqual([]);
    expect(sequences(queue.add(delivery(3, 3)))).toEqual([2]);
    expect(sequences(queue.add(delivery(4, 1)))).toEqual([4]);
    expect(sequences(queue.add(delivery(5, 5)))).toEqual([3]);
  });

  it('does not throw out everything for something that can never fit', () => {
    const queue = new SendQueue({ maxLength: 9, maxBytes: 10 });
    queue.add(delivery(1));
    expect(sequences(queue.add(delivery(2, 9, 11)))).toEqual([2]);
    expect(queue.length).toBe(1);
  });

  it('keeps within its bounds and loses nothing without saying so', () => {
    const add = fc.record({ rank: fc.nat(3), bytes: fc.nat(40), attempts: fc.nat(2) });
    const steps = fc.array(fc.option(add, { nil: 'take' as const }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new SendQueue({ maxLength: 5, maxBytes: 60 });
        const inside = new Map<number, Delivery>();
        all.forEach((step, sequence) => {
          if (step === 'take') {
            const taken = queue.take();
            expect(taken === undefined).toBe(inside.size === 0);
            if (taken) expect(inside.delete(taken.sequence)).toBe(true);
          } else {
            const added = delivery(sequence, step.rank, step.bytes, step.attempts);
            inside.set(sequence, added);
            for (const dropped of queue.add(added)) expect(inside.delete(dropped.sequence)).toBe(true);
          }
          const bytes = [...inside.values()].reduce((sum, one) => sum + one.bytes, 0);
          expect([queue.length, queue.bytes]).toEqual([inside.size, bytes]);
          expect(queue.length <= 5 && queue.bytes <= 60).toBe(true);
          expect(queue.oldest).toBe(Math.min(Number.POSITIVE_INFINITY, ...inside.keys()));
        });
        expect(sequences(queue.clear())).toEqual([...inside.keys()].sort((a, b) => a - b));
        expect([queue.length, queue.bytes]).toEqual([0, 0]);
      }),
    );
  });
});
