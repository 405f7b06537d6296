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
  receivedMs: 0,
  quantity: 1,
  origin: 'own',
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

  it('keeps within its bounds, with what is taken and not settled, and loses nothing without saying so', () => {
    const add = fc.record({ rank: fc.nat(3), bytes: fc.nat(40), attempts: fc.nat(2) });
    const step = fc.oneof(
      add,
      fc.constantFrom('take', 'take the least important', 'settle', 'put back', 'hold'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (all) => {
        const queue = new SendQueue({ maxLength: 5, maxBytes: 60 });
        const waiting = new Set<Delivery>();
        const taken: Delivery[] = [];
        const drop = (dropped: Delivery[]): void =>
          dropped.forEach((one) => expect(waiting.delete(one)).toBe(true));
        all.forEach((what, sequence) => {
          if (what === 'take' || what === 'take the least important') {
            const one = what === 'take' ? queue.take() : queue.takeLeastImportant();
            expect(one === undefined).toBe(waiting.size === 0);
            if (one) expect(waiting.delete(one)).toBe(true);
            if (one) taken.push(one);
          } else if (what === 'settle' || what === 'put back') {
            const one = taken.shift();
            if (!one) return;
            if (what === 'settle') {
              expect(queue.settle(one)).toBe(true);
              return;
            }
            waiting.add(one);
            drop(queue.add(one));
          } else if (what === 'hold') {
            const one = delivery(sequence, 1, 7);
            if (queue.hold(one)) taken.push(one);
          } else {
            const one = delivery(sequence, what.rank, what.bytes, what.attempts);
            waiting.add(one);
            drop(queue.add(one));
          }
          const held = [...waiting, ...taken];
          const bytes = held.reduce((sum, one) => sum + one.bytes, 0);
          expect([queue.length, queue.bytes, queue.quantity]).toEqual([waiting.size, bytes, held.length]);
          expect(held.length <= 5 && bytes <= 60).toBe(true);
          const oldest = Math.min(Number.POSITIVE_INFINITY, ...held.map((one) => one.sequence));
          expect([queue.hasUntil(oldest - 1), queue.hasUntil(oldest)]).toEqual([false, held.length > 0]);
        });
        expect(new Set(queue.clear())).toEqual(new Set([...waiting, ...taken]));
        expect([queue.length, queue.bytes, queue.isEmpty]).toEqual([0, 0, true]);
      }),
    );
  });
});
