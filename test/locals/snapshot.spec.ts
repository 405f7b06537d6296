import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshot } from '../../lib/locals/snapshot';

class Order {
  constructor(readonly id: number) {}
}

describe('snapshot', () => {
  it.each<[string, unknown, unknown]>([
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a number that JSON has not', NaN, 'NaN'],
    ['a bigint', 12n, '12'],
    ['a very large bigint', 2n ** 100_000n, '[BigInt]'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [{}, 2],
      ]),
      { a: 1, '[Object]': 2 },
    ],
    ['a set', new Set([1, 'a']), [1, 'a']],
    ['an instance', new Order(7), { id: 7 }],
    [
      'an error',
      Object.assign(new TypeError('m'), { code: 'E' }),
      { class: 'TypeError', message: 'm', code: 'E' },
    ],
    ['bytes', new Uint8Array(3), '[Uint8Array: 3 bytes]'],
    ['a view of bytes', new DataView(new ArrayBuffer(2)), '[DataView: 2 bytes]'],
    ['a buffer', new ArrayBuffer(5), '[ArrayBuffer: 5 bytes]'],
    ['a function', function named() {}, '[Function: named]'],
    ['a promise', Promise.resolve(1), '[Promise]'],
    ['an emitter', new EventEmitter(), '[EventEmitter]'],
    ['what wraps one', { raw: new EventEmitter(), body: 'secret' }, '[Object]'],
    ['what says itself what it shows', { hidden: 1, toJSON: () => ({}) }, '[Object]'],
    [
      'a long list',
      Array.from({ length: 1000 }, () => 0),
      [...Array.from({ length: 20 }, () => 0), '<980 more>'],
    ],
    ['what is deep', { a: { b: { c: { d: 1 } } } }, { a: { b: { c: '[Object]' } } }],
  ])('shows %s', (_, value, shown) => {
    expect(snapshot([{ value }])).toEqual({ value: shown });
  });

  it('runs no code of the app', () => {
    const called: string[] = [];
    const trap = new Proxy({}, { get: (_target, name) => () => void called.push(String(name)) });
    const proxy: object = new Proxy({}, trap);
    class Sly extends Map<string, number> {
      override *entries(): MapIterator<[string, number]> {
        called.push('entries');
        yield* super.entries();
      }
      get byteLength(): number {
        return called.push('byteLength');
      }
    }
    const value = {
      proxy,
      child: Object.create(proxy) as object,
      sly: new Sly([['a', 1]]),
      get getter() {
        return called.push('getter');
      },
      nested: { constructor: proxy },
    };
    expect(snapshot([value])).toMatchObject({ proxy: '[Proxy]', sly: { a: 1 }, getter: '<getter>' });
    expect(called).toEqual([]);
  });

  it('keeps the innermost of variables of one name, and none that Node gives a module', () => {
    expect(snapshot([{ a: 1 }, { a: 2, b: 3, require: 4, module: 5 }])).toEqual({ a: 1, b: 3 });
  });

  it('is bounded, and never throws, whatever there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.anything({ maxDepth: 6, withMap: true, withSet: true }))),
        (scopes) => {
          const kept = snapshot(scopes);
          expect(Object.keys(kept).length).toBeLessThanOrEqual(25);
          expect(JSON.stringify(kept).length).toBeLessThan(200_000);
        },
      ),
    );
  });
});
