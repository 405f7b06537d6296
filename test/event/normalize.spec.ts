import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, normalize } from '../../lib/event/normalize';
import { workedMs } from '../support/worked-ms';

function trap(): never {
  throw new Error('trapped');
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

class Order {
  id = 7;
}

describe('a value in plain JSON', () => {
  it.each<[string, unknown, unknown]>([
    ['null', null, null],
    ['undefined', undefined, null],
    ['true', true, true],
    ['a number', 1.5, 1.5],
    ['NaN', Number.NaN, 'NaN'],
    ['minus infinity', -Infinity, '-Infinity'],
    ['a BigInt', 12345678901234567890n, '12345678901234567890'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function', function charge() {}, '[Function: charge]'],
    ['a function without a name', () => {}, '[Function: anonymous]'],
    ['a class', Order, '[Function: Order]'],
    ['an instance', new Order(), { id: 7 }],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['no date', new Date(Number.NaN), 'Invalid Date'],
    ['a date of another realm', runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    ['a pattern', /a+/gi, '/a+/gi'],
    ['a URL', new URL('http://h/p'), 'http://h/p'],
    ['a query', new URLSearchParams({ a: '1' }), 'a=1'],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
        [Symbol('s'), 3],
      ]),
      { a: 1, 2: 'b', 'Symbol(s)': 3 },
    ],
    [
      'a Map by objects and functions',
      new Map<unknown, unknown>([
        [new Order(), 1],
        [() => 0, 2],
        [null, 3],
      ]),
      { Order: 1, Function: 2, null: 3 },
    ],
    ['a Set', new Set([1, 'a']), [1, 'a']],
    ['a Buffer', Buffer.from('secret'), '[Buffer: 6 bytes]'],
    ['a typed array', new Float64Array(2), '[Float64Array: 16 bytes]'],
    ['bytes', new ArrayBuffer(3), '[ArrayBuffer: 3 bytes]'],
    ['a view of bytes', new DataView(new ArrayBuffer(3)), '[DataView: 3 bytes]'],
    ['a promise', Promise.resolve(1), '[Promise]'],
    ['a WeakMap', new WeakMap(), '[WeakMap]'],
    ['a boxed text', Object('s'), 's'],
    [
      'an error',
      Object.assign(new TypeError('m'), { code: 'E' }),
      { name: 'TypeError', message: 'm', code: 'E' },
    ],
    ['members that are undefined', { a: undefined, b: [undefined] }, { b: [null] }],
    ['toJSON', { toJSON: () => ({ id: 7 }) }, { id: 7 }],
    ['__sentry__', { __sentry__: () => 'Order 7', toJSON: trap }, 'Order 7'],
    ['__sentry__ that throws', { __sentry__: trap, id: 7 }, { __sentry__: '[Function: trap]', id: 7 }],
    ['toJSON that throws', { toJSON: trap, id: 7 }, { toJSON: '[Function: trap]', id: 7 }],
    ['a form that has a form', { __sentry__: () => ({ toJSON: () => 7 }) }, 7],
    [
      'an object that is its own form',
      Object.assign(new Order(), {
        toJSON(): unknown {
          return this;
        },
      }),
      { id: 7, toJSON: '[Function: toJSON]' },
    ],
    ['a key __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
  ])('is told, case %s', (_what, value, expected) => {
    expect(normalize(value)).toEqual(expected);
  });

  it.each<[string, unknown, unknown]>([
    [
      'a getter that throws',
      Object.defineProperty({ a: 1 }, 'b', { get: trap, enumerable: true }),
      { a: 1, b: '<unreadable>' },
    ],
    ['a revoked proxy', { a: revoked({}), b: 1 }, { a: '<Object>', b: 1 }],
    ['a revoked proxy of a list', [revoked([])], ['<Object>']],
    [
      'a proxy whose traps throw',
      { a: new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }) },
      { a: '<Object>' },
    ],
    ['a list that cannot be walked', Object.assign([1], { [Symbol.iterator]: trap }), '<Array>'],
    ['a date that cannot be read', Object.assign(new Date(0), { getTime: trap }), '<Date>'],
    [
      'a function with a hostile name',
      Object.defineProperty(() => 0, 'name', { value: { toString: trap } }),
      '[Function: anonymous]',
    ],
    [
      'a Map by a hostile function',
      new Map([[Object.assign(() => 0, { toString: trap }), 1]]),
      { Function: 1 },
    ],
  ])('is told although it is %s', (_what, value, expected) => {
    expect(normalize(value)).toEqual(expected);
  });

  it('ends a value met again inside itself, and only there', () => {
    const shared = { a: 1 };
    const cyclic: Record<string, unknown> = { first: shared, second: shared };
    cyclic.self = cyclic;
    cyclic.list = [cyclic, new Map([['in', cyclic]]), new Set([cyclic])];
    expect(normalize(cyclic)).toEqual({
      first: { a: 1 },
      second: { a: 1 },
      self: '<...>',
      list: ['<...>', { in: '<...>' }, ['<...>']],
    });
  });

  it('ends forms that go on for ever', () => {
    const endless = (): object => ({ toJSON: endless });
    expect(normalize(endless())).toEqual({ toJSON: '[Function: endless]' });
    const widening = (): object => ({ toJSON: () => [widening(), widening()] });
    expect(workedMs(() => normalize(widening()))).toBeLessThan(1000);
  });
});

describe('the limits', () => {
  it('are raven’s by default: depth 6, lists 50, texts 400', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 6; depth++) deep = { d: deep };
    expect(normalize(deep)).toEqual(deep);
    expect(JSON.stringify(normalize({ d: deep }))).toBe('{"d":{"d":{"d":{"d":{"d":{"d":"[Object]"}}}}}}');
    expect(JSON.stringify(normalize([[[[[[[1]]]]]]]))).toBe('[[[[[["[Array]"]]]]]]');
    expect(normalize(Array.from({ length: 60 }, () => 0))).toHaveLength(50);
    expect(
      Object.keys(normalize(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, i]))) ?? {}),
    ).toHaveLength(50);
    expect(normalize('a'.repeat(401))).toBe(`${'a'.repeat(397)}...`);
    expect(normalize('a'.repeat(400))).toBe('a'.repeat(400));
  });

  it('cut no character in half', () => {
    expect(normalize('💥'.repeat(9), { ...DEFAULT_LIMITS, maxStringLength: 10 })).toBe('💥💥💥...');
  });

  it('bound the work on values that are endless', () => {
    const endless = {
      *[Symbol.iterator](): Iterable<number> {
        for (;;) yield 1;
      },
    };
    const set = Object.assign(new Set(), endless);
    const wide = (depth: number): unknown =>
      depth === 0
        ? 1
        : new Proxy([], {
            get: (_, key) =>
              key === 'length'
                ? 1e9
                : key === Symbol.iterator
                  ? () => [...Array(50)].map(() => wide(depth - 1)).values()
                  : undefined,
          });
    const tookMs = workedMs(() => {
      expect(normalize(set)).toHaveLength(50);
      expect(normalize(Object.assign([], { length: 4_000_000_000 }))).toHaveLength(50);
      normalize(wide(2));
    });
    expect(tookMs).toBeLessThan(1000);
  });

  it('on the number of values hold for all of them together', () => {
    const lists = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => []));
    const text = JSON.stringify(normalize(lists, { ...DEFAULT_LIMITS, maxNodes: 100 }));
    expect(text.match(/\[/g)?.length).toBeLessThanOrEqual(101);
  });
});

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withObjectString: true,
  maxDepth: 9,
});

const limitsOf = fc.record({
  maxDepth: fc.nat(8),
  maxListLength: fc.nat(8),
  maxStringLength: fc.nat(20),
  maxNodes: fc.integer({ min: 1, max: 50 }),
});

describe('whatever a value is', () => {
  it('becomes JSON that is read back the same', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const plain = normalize(value);
        const text = JSON.stringify(plain);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expectPlain(plain);
      }),
    );
  });

  it('keeps to the limits', () => {
    fc.assert(
      fc.property(anything, limitsOf, (value, limits) => {
        expectWithin(normalize(value, limits), limits, 0);
      }),
    );
  });

  it('is not changed', () => {
    fc.assert(
      fc.property(fc.clone(anything, 2), ([value, twin]) => {
        normalize(value);
        expect(value).toStrictEqual(twin);
      }),
    );
  });

  it('stays as it is where it was JSON within the limits', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(normalize(value, { maxDepth: 9, maxListLength: 1000, maxStringLength: 1000 })).toEqual(value);
      }),
    );
  });

  it('is bounded once and for all', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const once = normalize(value);
        expect(normalize(once)).toEqual(once);
      }),
    );
  });
});

function expectPlain(value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    expect(['string', 'number', 'boolean', 'object']).toContain(typeof value);
    return;
  }
  expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
  for (const member of Object.values(value)) expectPlain(member);
}

/** Short forms such as `[Array]`, which stand for what is not told, are longer than the shortest limit on texts. */
const LONGEST_SHORT_FORM = 20;

function expectWithin(
  value: unknown,
  limits: { maxDepth: number; maxListLength: number; maxStringLength: number },
  depth: number,
): void {
  if (typeof value === 'string') {
    const isMark = /^[[<].*[\]>]$/.test(value);
    expect(value.length).toBeLessThanOrEqual(
      isMark ? LONGEST_SHORT_FORM : Math.max(limits.maxStringLength, 9),
    );
  }
  if (typeof value !== 'object' || value === null) return;
  expect(depth).toBeLessThan(limits.maxDepth);
  const members = Object.entries(value);
  expect(members.length).toBeLessThanOrEqual(limits.maxListLength);
  for (const [key, member] of members) {
    expect(key.length).toBeLessThanOrEqual(Math.max(limits.maxStringLength, 3));
    expectWithin(member, limits, depth + 1);
  }
}
