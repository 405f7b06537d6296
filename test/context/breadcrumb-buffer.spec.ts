import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BreadcrumbBuffer, type RecordedBreadcrumb } from '../../lib/context/breadcrumb-buffer';
import { breadcrumbSize } from '../../lib/context/breadcrumb-size';

function crumb(message: string, data: Record<string, unknown> | null = null): RecordedBreadcrumb {
  return { timestampMs: 0, type: 'default', level: null, message, category: null, data };
}

const textOf = (kept: RecordedBreadcrumb): number =>
  (kept.message?.length ?? 0) + (kept.data === null ? 0 : JSON.stringify(kept.data).length);

const crumbs = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 })).map(([message, data]) => ({
    message: 'm'.repeat(message),
    data: data === 0 ? null : { text: 'd'.repeat(data), n: 1 },
  })),
  { maxLength: 60 },
);

describe('a buffer of breadcrumbs', () => {
  it('holds the newest ones, never more than either bound allows', () => {
    fc.assert(
      fc.property(
        crumbs,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 2000, max: 20_000 }),
        (given, capacity, maxBytes) => {
          const buffer = new BreadcrumbBuffer(capacity, maxBytes);
          for (const [index, { message, data }] of given.entries()) {
            buffer.record({ ...crumb(message, data), timestampMs: index });
            const kept = buffer.toArray();
            expect(kept.length).toBeLessThanOrEqual(capacity);
            expect(kept.reduce((sum, one) => sum + textOf(one), 0)).toBeLessThanOrEqual(maxBytes);
            // The newest is always there, and those before it without a gap.
            expect(kept.map(({ timestampMs }) => timestampMs)).toEqual(
              Array.from({ length: kept.length }, (_, place) => index - kept.length + 1 + place),
            );
            // None had to go that there was room for.
            const next = given[index - kept.length];
            if (!next || kept.length === capacity) continue;
            const bytes = [...kept, crumb(next.message, next.data)].reduce(
              (sum, one) => sum + breadcrumbSize(one),
              0,
            );
            expect(bytes).toBeGreaterThan(maxBytes);
          }
        },
      ),
    );
  });

  it('forks without a trace in the one it was forked from, whatever either records', () => {
    fc.assert(
      fc.property(crumbs, crumbs, crumbs, fc.boolean(), (before, parents, childs, isWork) => {
        const make = (): BreadcrumbBuffer => new BreadcrumbBuffer(5, 10_000);
        const fill = (buffer: BreadcrumbBuffer, given: typeof before): void => {
          for (const { message, data } of given) buffer.record(crumb(message, data));
        };
        const [parent, alone, childAlone] = [make(), make(), make()];
        fill(parent, before);
        fill(alone, [...before, ...parents]);
        fill(childAlone, [...before, ...childs]);
        const child = parent.fork(isWork);
        const rounds = Math.max(parents.length, childs.length);
        for (let round = 0; round < rounds; round++) {
          fill(parent, parents.slice(round, round + 1));
          fill(child, childs.slice(round, round + 1));
        }
        expect(parent.toArray()).toEqual(alone.toArray());
        expect(child.toArray()).toEqual(childAlone.toArray());
      }),
    );
  });

  it('shares nothing with another, before the first crumb and after the last was cleared', () => {
    const [one, other] = [new BreadcrumbBuffer(5, 10_000), new BreadcrumbBuffer(5, 10_000)];
    one.record(crumb('1'));
    expect(other.toArray()).toEqual([]);
    one.clear();
    other.clear();
    one.record(crumb('2'));
    expect(one.toArray()).toHaveLength(1);
    expect(other.toArray()).toEqual([]);
    expect(new BreadcrumbBuffer(5, 10_000).toArray()).toEqual([]);
  });

  it('keeps what is too large by itself without its data', () => {
    const buffer = new BreadcrumbBuffer(10, 2000);
    buffer.record(crumb('before'));
    buffer.record(crumb('m'.repeat(5000), { rows: 'x'.repeat(5000) }));
    expect(buffer.toArray()).toMatchObject([
      { message: 'before' },
      { message: 'm'.repeat(1024), data: null },
    ]);
  });

  it('leaves out what has no room even so, and keeps the others', () => {
    const buffer = new BreadcrumbBuffer(10, 300);
    buffer.record(crumb('before'));
    buffer.record(crumb('m'.repeat(5000)));
    expect(buffer.toArray().map(({ message }) => message)).toEqual(['before']);
  });

  it('puts what the work began with before the work’s own crumbs, within its bound', () => {
    const root = new BreadcrumbBuffer(4, 10_000);
    const messages = (buffer: BreadcrumbBuffer): (string | null)[] =>
      buffer.beginningWith(crumb('GET /')).map(({ message }) => message);
    root.record(crumb('boot'));
    expect(messages(root)).toEqual(['boot']);
    const work = root.fork(true);
    expect(messages(work)).toEqual(['boot', 'GET /']);
    work.record(crumb('1'));
    const part = work.fork(false);
    part.record(crumb('2'));
    expect(messages(part)).toEqual(['boot', 'GET /', '1', '2']);
    part.record(crumb('3'));
    expect(messages(part)).toEqual(['GET /', '1', '2', '3']);
    part.record(crumb('4'));
    expect(messages(part)).toEqual(['GET /', '2', '3', '4']);
    part.clear();
    part.record(crumb('5'));
    expect(messages(part)).toEqual(['5']);
    expect(messages(work)).toEqual(['boot', 'GET /', '1']);
  });
});

describe('the size of a breadcrumb', () => {
  it('counts its texts, wherever in its data they are', () => {
    const size = (data: Record<string, unknown>): number =>
      breadcrumbSize(crumb('', data)) - breadcrumbSize(crumb('', {}));
    expect(size({ text: 'x'.repeat(1000) })).toBeGreaterThanOrEqual(1000);
    expect(size({ list: [{ text: 'x'.repeat(1000) }] })).toBeGreaterThanOrEqual(1000);
    expect(size({ ['x'.repeat(1000)]: 1 })).toBeGreaterThanOrEqual(1000);
    expect(size({ bytes: Buffer.alloc(1000) })).toBeGreaterThanOrEqual(1000);
  });

  it('counts nothing of what data inherits, however far up that goes', () => {
    const size = (data: object): number => breadcrumbSize(crumb('', data as Record<string, unknown>));
    class Order {
      text = 'own';
    }
    expect(size(Object.assign(new Order(), {}))).toBe(size({ text: 'own' }));
    expect(size(Object.create({ inherited: 'x'.repeat(1000) }) as object)).toBe(size({}));
    let asked = 0;
    const endless: ProxyHandler<object> = {
      getPrototypeOf: () => ((asked += 1), asked > 1000 ? null : new Proxy({}, endless)),
    };
    size(new Proxy({}, endless));
    expect(asked).toBeLessThan(10);
  });

  it('is soon told of anything: cycles, getters that throw, a million entries', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    let reads = 0;
    const endless = new Proxy([], {
      get: (target, key) => (key === 'length' ? 1e9 : ((reads += 1), Reflect.get(target, key))),
    });
    const hostile = {
      cycle,
      get thrown(): never {
        throw new Error('getter');
      },
      endless,
    };
    expect(breadcrumbSize(crumb('m', hostile))).toBeGreaterThan(0);
    expect(breadcrumbSize(crumb('m', { endless }))).toBeLessThan(10_000);
    expect(reads).toBeLessThan(1000);
  });
});
