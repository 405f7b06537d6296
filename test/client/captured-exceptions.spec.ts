import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runInScope, WorkScope } from '../../lib/context/scope';
import type { ExceptionValue } from 'nestjs-raven';
import { newClient } from './support/new-client';

function thrownValue(thrown: unknown): ExceptionValue {
  const { client, event } = newClient();
  expect(client.captureException(thrown)).toMatch(/^[0-9a-f]{32}$/);
  const value = event().exception?.values.at(-1);
  if (!value) throw new Error('there is no exception in the event');
  return value;
}

describe('captureException', () => {
  it('without an argument reports the place of the call', () => {
    const { client, event } = newClient();
    function placeOrder(): void {
      client.captureException();
    }
    placeOrder();
    const value = event().exception?.values[0];
    expect(value).toMatchObject({ type: 'Error', mechanism: { type: 'generic', synthetic: true } });
    expect(value?.stacktrace?.frames.filter((frame) => frame.in_app).at(-1)?.function).toBe('placeOrder');
  });

  it.each([
    ['a string', 'out of stock', 'String', 'out of stock'],
    ['a number', 7, 'number', '7'],
    ['null', null, 'Error', 'null'],
    ['an object', { code: 7 }, 'Object', '{"code":7}'],
    ['an object with a message', { message: 'broken', code: 7 }, 'Object', 'broken'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
    ['a function', function failed() {}, 'Function', 'failed'],
  ])('takes %s, with the stack of the call', (_, thrown, type, text) => {
    const value = thrownValue(thrown);
    expect(value.type?.toLowerCase()).toBe(type.toLowerCase());
    expect(value.value).toContain(text);
    expect(value.mechanism).toMatchObject({ synthetic: true });
    expect(value.stacktrace?.frames.length).toBeGreaterThan(0);
  });

  it('takes a frozen error', () => {
    expect(thrownValue(Object.freeze(new RangeError('frozen')))).toMatchObject({
      type: 'RangeError',
      value: 'frozen',
    });
  });

  it('takes an error of another realm as an error', () => {
    const value = thrownValue(vm.runInNewContext('new RangeError("other realm")'));
    expect(value).toMatchObject({ type: 'RangeError', value: 'other realm' });
    expect(value.mechanism).not.toHaveProperty('synthetic');
  });

  it('puts the innermost cause first', () => {
    const { client, event } = newClient();
    client.captureException(new Error('outer', { cause: new TypeError('inner') }));
    expect(event().exception?.values.map(({ type, value }) => `${type}: ${value}`)).toEqual([
      'TypeError: inner',
      'Error: outer',
    ]);
  });

  it('takes anything at all, and never throws', () => {
    const { client, transport } = newClient();
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (thrown) => {
        client.context.clear();
        transport.clear();
        expect(client.captureException(thrown)).toMatch(/^[0-9a-f]{32}$/);
        expect(transport.events).toHaveLength(1);
        expect(() => JSON.stringify(transport.events)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it('does not change what it is given', () => {
    const options = {
      tags: { a: 1 },
      extra: { nested: { password: 'p', list: [1] } },
      data: { user: { id: 1 }, contexts: { c: { d: 1 } } },
      fingerprint: ['a'],
    };
    const before = structuredClone(options);
    const { client } = newClient({
      beforeSend: (event) => {
        event.tags.added = 'yes';
        (event.extra.nested as Record<string, unknown>).added = 'yes';
        event.fingerprint?.push('added');
      },
    });
    const error = new Error('e');
    const keys = Reflect.ownKeys(error);
    client.captureException(error, options);
    expect(options).toEqual(before);
    expect(Reflect.ownKeys(error)).toEqual(keys);
  });
});

describe('one error', () => {
  it('is reported once in a context, whatever it is', () => {
    const { client, transport } = newClient();
    for (const thrown of [new Error('e'), Object.freeze(new Error('f')), { code: 7 }, () => undefined]) {
      expect(client.captureException(thrown)).not.toBeNull();
      expect(client.captureException(thrown)).toBeNull();
    }
    expect(transport.events).toHaveLength(4);
  });

  it('is told from another by identity, not by its text', () => {
    const { client, transport } = newClient();
    for (let round = 0; round < 3; round++) client.captureException(new Error('the same'));
    for (let round = 0; round < 3; round++) client.captureException('the same');
    expect(transport.events).toHaveLength(6);
  });

  it('is new again after clear, and in another piece of work', () => {
    const { client } = newClient();
    const error = new Error('e');
    expect(client.captureException(error)).not.toBeNull();
    runInScope(new WorkScope(), () => {
      expect(client.captureException(error)).not.toBeNull();
      expect(client.captureException(error)).toBeNull();
    });
    client.context.clear();
    expect(client.captureException(error)).not.toBeNull();
  });

  it('is not taken for reported where its event was lost', () => {
    let isBroken = true;
    const { client, transport } = newClient({
      processors: [
        () => {
          if (isBroken) throw new Error('processor');
        },
      ],
    });
    const error = new Error('e');
    expect(client.captureException(error)).toBeNull();
    isBroken = false;
    expect(client.captureException(error)).not.toBeNull();
    expect(transport.events).toHaveLength(1);
  });
});
