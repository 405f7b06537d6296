import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exceptionMessage,
  exceptionValues,
  isErrorLike,
  type ExceptionValueOptions,
  type ExceptionValues,
} from '../../lib/event/exception-values';
import type { StackTrace } from '../../lib/protocol/event';
import { workedMs } from '../support/worked-ms';

const OPTIONS: ExceptionValueOptions = {
  frames: { root: join(__dirname, '../..'), includePaths: [], excludePaths: [], ownDirectory: '/none' },
  mechanism: { type: 'generic', handled: true },
  callTrace: () => ({ frames: [{ function: 'caller', in_app: true }] }),
};

function valuesOf(thrown: unknown): ExceptionValues['values'] {
  return exceptionValues(thrown, OPTIONS).values;
}

function summary(thrown: unknown): string {
  return exceptionMessage(valuesOf(thrown));
}

function revoked(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function trap(): never {
  throw new Error('trapped');
}

const HOSTILE = new Proxy(new Error('m'), {
  get: trap,
  has: trap,
  ownKeys: trap,
  getPrototypeOf: trap,
  getOwnPropertyDescriptor: trap,
});

class OrderFailed extends Error {}

/** Node has the class from version 24 on. */
function suppressedError(error: unknown, suppressed: unknown): Error {
  class SuppressedError extends Error {
    override readonly name = 'SuppressedError';
    readonly error = error;
    readonly suppressed = suppressed;
  }
  return new SuppressedError('m');
}

/** An answer of `fetch`, whose URL only `fetch` can set. */
function answer(status: number): Response {
  const url = 'https://api.example/orders?token=s3cret#part';
  return Object.defineProperty(new Response(null, { status, statusText: 'Not Found' }), 'url', {
    value: url,
  });
}

describe('an error', () => {
  it.each([
    ['a TypeError', () => new TypeError('m'), 'TypeError: m'],
    ['a class that sets no name', () => new OrderFailed('m'), 'OrderFailed: m'],
    ['a name of its own', () => Object.assign(new Error('m'), { name: 'Gone' }), 'Gone: m'],
    ['an empty message', () => new OrderFailed(''), 'OrderFailed'],
    ['an empty name', () => Object.assign(new OrderFailed('m'), { name: '' }), 'OrderFailed: m'],
    ['a name that is no text', () => Object.assign(new OrderFailed('m'), { name: 1 }), 'OrderFailed: m'],
    ['a DOMException', () => new DOMException('m', 'AbortError'), 'AbortError: m'],
    ['another realm', () => runInNewContext('new RangeError("m")'), 'RangeError: m'],
    ['a frozen one', () => Object.freeze(new Error('m')), 'Error: m'],
    ['a number as message', () => Object.assign(new Error(), { message: 42 }), 'Error: 42'],
    ['an object as message', () => Object.assign(new Error(), { message: { code: 1 } }), 'Error: {"code":1}'],
    ['null as message', () => Object.assign(new Error(), { message: null }), 'Error: null'],
    ['a proxy of an error', () => new Proxy(new OrderFailed('m'), {}), 'OrderFailed: m'],
    [
      'no prototype',
      () => Object.setPrototypeOf(Object.assign(new Error(), { message: 'm' }), null),
      'Object: m',
    ],
    ['an object that looks like one', () => ({ name: 'Gone', message: 'm', stack: 'Gone: m' }), 'Gone: m'],
  ])('with %s is told as %s', (_what, thrown: () => unknown, expected) => {
    expect(summary(thrown())).toBe(expected);
  });

  it('is not changed', () => {
    const error = new AggregateError([new Error('a', { cause: 'b' })], 'm', { cause: new Error('c') });
    const keys = JSON.stringify(Object.getOwnPropertyDescriptors(error));
    valuesOf(error);
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(error))).toBe(keys);
  });

  it('has its own stack and no synthetic one', () => {
    const [value] = valuesOf(new Error('m'));
    expect(value.stacktrace?.frames.at(-1)?.filename).toBe('test/event/exception-values.spec.ts');
    expect(value.mechanism).toEqual({ type: 'generic', handled: true });
  });

  it('is cut in message and name where they are longer than servers take', () => {
    const [value] = valuesOf(Object.assign(new Error('m'.repeat(9000)), { name: 'N'.repeat(300) }));
    expect([value.value?.length, value.type?.length]).toEqual([8192, 256]);
    expect(value.value).toMatch(/m\.\.\.$/);
  });

  it('is cut between characters', () => {
    expect(valuesOf(new Error('💥'.repeat(5000)))[0].value).toMatch(/^(?:💥)+\.\.\.$/u);
  });
});

describe('a thrown value that is no error', () => {
  it.each([
    ['undefined', undefined, 'Error: non-error thrown: undefined'],
    ['null', null, 'Error: non-error thrown: null'],
    ['text', 'it broke', 'string: it broke'],
    ['no text', '', 'string'],
    ['a number', 42, 'number: non-error thrown: 42'],
    ['NaN', Number.NaN, 'number: non-error thrown: NaN'],
    ['a BigInt', 7n, 'bigint: non-error thrown: 7'],
    ['a symbol', Symbol('s'), 'symbol: non-error thrown: Symbol(s)'],
    ['an object', { code: 1 }, 'Object: non-error thrown: {"code":1}'],
    ['an object with a message', { message: 'no', code: 1 }, 'Object: no {"message":"no","code":1}'],
    ['a list', [1, 'a'], 'Array: non-error thrown: [1,"a"]'],
    ['a promise', Promise.resolve(1), 'Promise: non-error thrown: [Promise] (is an await missing?)'],
    [
      'an error class',
      OrderFailed,
      'Function: non-error thrown: [Function: OrderFailed] (is a new missing?)',
    ],
    ['a function', function cancel() {}, 'Function: non-error thrown: [Function: cancel]'],
    [
      'what fetch answers',
      answer(404),
      'Response: non-error thrown: 404 Not Found https://api.example/orders',
    ],
    ['an answer without a URL', new Response(null, { status: 503 }), 'Response: non-error thrown: 503'],
    ['a map', new Map([['code', 1]]), 'Map: non-error thrown: {"code":1}'],
    ['bytes', Buffer.from('abc'), 'Buffer: non-error thrown: [Buffer: 3 bytes]'],
    ['an object of another realm', runInNewContext('({ code: 1 })'), 'Object: non-error thrown: {"code":1}'],
  ])('%s is told as it is', (_what, thrown: unknown, expected) => {
    expect(summary(thrown)).toBe(expected);
  });

  it('is told although it cannot be read', () => {
    expect(summary(Object.create(null))).toBe('Object: non-error thrown: {}');
    expect(summary(revoked())).toBe('Object: non-error thrown: <Object>');
    expect(summary(HOSTILE)).toBe('Object: non-error thrown: <Object>');
  });

  it('gets the stack of who captured it, marked as synthetic', () => {
    const [value] = valuesOf('it broke');
    expect(value.stacktrace?.frames).toMatchObject([{ function: 'caller' }]);
    expect(value.mechanism).toEqual({ type: 'generic', handled: true, synthetic: true });
  });
});

describe('causes', () => {
  it('stand before what they caused, linked by ids that count from what was thrown', () => {
    const thrown = new Error('outer', { cause: new Error('middle', { cause: new Error('inner') }) });
    expect(valuesOf(thrown).map(({ value, mechanism }) => [value, mechanism])).toEqual([
      ['inner', { type: 'chained', handled: true, source: 'cause', exception_id: 2, parent_id: 1 }],
      ['middle', { type: 'chained', handled: true, source: 'cause', exception_id: 1, parent_id: 0 }],
      ['outer', { type: 'generic', handled: true, exception_id: 0 }],
    ]);
  });

  it('of a group come depth first, each group’s cause before its errors', () => {
    const group = new AggregateError(
      [new Error('first', { cause: new Error('of first') }), 'no error', new Error('third')],
      'group',
      { cause: new Error('of group') },
    );
    const told = valuesOf(group).map(({ value, mechanism }) => [
      value,
      mechanism?.exception_id,
      mechanism?.parent_id,
      mechanism?.source,
      mechanism?.is_exception_group,
    ]);
    expect(told).toEqual([
      ['third', 4, 0, 'errors[2]', undefined],
      ['of first', 3, 2, 'cause', undefined],
      ['first', 2, 0, 'errors[0]', undefined],
      ['of group', 1, 0, 'cause', undefined],
      ['group', 0, undefined, undefined, true],
    ]);
  });

  it('that are no errors become details', () => {
    const { values, others } = exceptionValues(new Error('m', { cause: { code: 7 } }), OPTIONS);
    expect([values.length, others]).toEqual([1, { cause: { code: 7 } }]);
  });

  it.each([
    ['Node’s own', (error: unknown, suppressed: unknown) => suppressedError(error, suppressed)],
    [
      'TypeScript’s',
      (error: unknown, suppressed: unknown) =>
        Object.assign(new Error('m'), { name: 'SuppressedError', error, suppressed }),
    ],
  ])('of a SuppressedError, %s, are what failed and what failed before', (_whose, make) => {
    const told = valuesOf(make(new Error('closing'), new Error('working'))).map(
      ({ type, value, mechanism }) => [
        `${type}: ${value}`,
        mechanism?.source,
        mechanism?.parent_id,
        mechanism?.is_exception_group,
      ],
    );
    expect(told).toEqual([
      ['Error: working', 'suppressed', 0, undefined],
      ['Error: closing', 'error', 0, undefined],
      ['SuppressedError: m', undefined, undefined, true],
    ]);
  });

  it('are no properties of another name', () => {
    const inner = new Error('inner');
    const error = Object.assign(new Error('m'), { error: inner, suppressed: inner, originalError: inner });
    expect(valuesOf(error)).toHaveLength(1);
  });

  it('that lead back to an error are told once', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    expect(valuesOf(first).map(({ value }) => value)).toEqual(['second', 'first']);
    const own = new AggregateError([], 'own');
    own.errors.push(own, own);
    expect(valuesOf(own)).toHaveLength(1);
  });

  it('are cut where there are too many of them', () => {
    let chain = new Error('0');
    for (let depth = 1; depth < 1000; depth++) chain = new Error(String(depth), { cause: chain });
    const values = valuesOf(chain);
    expect([values.length, values.at(-1)?.value]).toEqual([11, '999']);
    const wide = new AggregateError(Array.from({ length: 1000 }, (_, index) => new Error(`${index}`)));
    expect(valuesOf(wide)).toHaveLength(50);
  });

  it.each([
    ['a list that is a revoked proxy', () => revoked([])],
    ['a list whose entries throw', () => new Proxy([new Error('a')], { get: trap })],
    ['an endless list', () => Object.assign([], { length: 4_000_000_000 })],
    ['of an endless length', () => new Proxy([], { get: (_, key) => (key === 'length' ? Infinity : null) })],
    ['no list', () => 'errors'],
  ])('that are %s do no harm', (_what, errors) => {
    const error = Object.assign(new Error('m'), { errors: errors() });
    expect(workedMs(() => expect(summary(error)).toBe('Error: m'))).toBeLessThan(500);
  });

  it('that cannot be read are none', () => {
    const error = new Error('m');
    for (const key of ['stack', 'cause', 'errors', 'name', 'message', 'constructor']) {
      Object.defineProperty(error, key, { get: trap });
    }
    expect(valuesOf(error)).toHaveLength(1);
  });
});

describe('the stack of the call that captures', () => {
  const call = { frames: [{ function: 'caller', filename: 'a.js', in_app: true }] };
  const NODE = '\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)';
  const tracesOf = (thrown: unknown, callTrace = (): StackTrace | undefined => call): unknown =>
    exceptionValues(thrown, { ...OPTIONS, callTrace }).values.map(({ stacktrace }) =>
      stacktrace?.frames.map((frame) => [frame.function, frame.stack_start]),
    );
  const withStack = (stack: string): Error => Object.assign(new Error('m'), { stack });

  it('stands under one that has no frame of the app', () => {
    expect(tracesOf(withStack(`Error: m${NODE}`))).toEqual([
      [
        ['caller', undefined],
        ['TCPConnectWrap.afterConnect', true],
      ],
    ]);
  });

  it('stands for one that is missing', () => {
    expect(tracesOf(withStack('Error: m'))).toEqual([[['caller', undefined]]]);
  });

  it('is not asked for where an error has a frame of the app', () => {
    const never = (): never => expect.unreachable();
    tracesOf(new Error('m'), never);
  });

  it('is left out where it has no frame of the app either', () => {
    const node = { frames: [{ function: 'emit', filename: 'node:events', in_app: false }] };
    const own = [[['TCPConnectWrap.afterConnect', undefined]]];
    expect(tracesOf(withStack(`Error: m${NODE}`), () => node)).toEqual(own);
    expect(tracesOf(withStack(`Error: m${NODE}`), () => undefined)).toEqual(own);
  });
});

describe('anything', () => {
  it('can be thrown', () => {
    const error = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
      fc.record({ name: fc.anything(), message: fc.anything(), stack: fc.anything(), cause: fc.anything() }),
      fc
        .tuple(fc.string(), fc.object())
        .map(([message, properties]) => Object.assign(new Error(message), { cause: properties })),
    );
    fc.assert(
      fc.property(error, (thrown) => {
        const { values } = exceptionValues(thrown, OPTIONS);
        expect(values.length).toBeGreaterThan(0);
        for (const { type, value, mechanism } of values) {
          expect([typeof type, typeof value, typeof mechanism?.type]).toEqual(['string', 'string', 'string']);
          expect(type).not.toBe('');
        }
      }),
    );
  });

  it.each([
    [new Error('m'), true],
    [runInNewContext('new Error("m")') as unknown, true],
    [new DOMException('m'), true],
    [{ message: 'm', stack: 's' }, true],
    [{ message: 'm' }, false],
    ['m', false],
    [null, false],
  ])('is an error or not, case %#', (value, expected) => {
    expect(isErrorLike(value)).toBe(expected);
  });

  it('that cannot be read is no error', () => {
    expect([isErrorLike(revoked()), isErrorLike(HOSTILE)]).toEqual([false, false]);
  });
});
