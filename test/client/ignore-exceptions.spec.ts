import vm from 'node:vm';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import type { IgnoredException } from 'nestjs-raven';
import { newClient } from './support/new-client';

class PaymentError extends Error {}
class CardError extends PaymentError {}
class Renamed extends Error {
  override readonly name = 'OutOfStock';
}
class OfModule extends Error {
  static readonly module = 'shop.orders';
}

function isReported(error: unknown, ...ignoreExceptions: IgnoredException[]): boolean {
  return newClient({ ignoreExceptions }).client.captureException(error) !== null;
}

describe('an error is not reported', () => {
  it.each<[string, unknown, IgnoredException]>([
    ['its class', new PaymentError('e'), PaymentError],
    ['a class above its own', new CardError('e'), PaymentError],
    ["a class of Nest's", new NotFoundException(), NotFoundException],
    ['the name of its class', new PaymentError('e'), 'PaymentError'],
    ['the name it goes by', new Renamed('e'), 'OutOfStock'],
    ['its qualified name', new OfModule('e'), 'shop.orders.OfModule'],
    ["the qualified name of one of the language's own", new TypeError('e'), 'builtins.TypeError'],
    ['a prefix of its qualified name', new OfModule('e'), 'shop.*'],
    ['everything', new PaymentError('e'), '*'],
  ])('where ignoreExceptions has %s', (_, error, entry) => {
    expect(isReported(error, Array, 'Another', entry)).toBe(false);
  });

  it('also when it was thrown in another realm and is ignored by name', () => {
    expect(isReported(vm.runInNewContext('new RangeError("e")'), 'RangeError')).toBe(false);
  });
});

describe('an error is reported', () => {
  it.each<[string, unknown, IgnoredException]>([
    ['a class below its own', new PaymentError('e'), CardError],
    ['the name of a class above its own', new CardError('e'), 'PaymentError'],
    ['a prefix of its bare name', new OfModule('e'), 'OfMod*'],
    ['a part of its name', new PaymentError('e'), 'Payment'],
    ['its message', new PaymentError('e'), 'e'],
    ['a function that is no class', new PaymentError('e'), (() => undefined) as never],
  ])('where ignoreExceptions has only %s', (_, error, entry) => {
    expect(isReported(error, entry)).toBe(true);
  });

  it('whatever cannot be asked for its class or name', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
        getPrototypeOf: () => {
          throw new Error('prototype');
        },
      },
    );
    expect(isReported(hostile, PaymentError, 'PaymentError', 'shop.*')).toBe(true);
  });
});

describe('ignoring', () => {
  it('counts an error once in a piece of work, however often it is seen there', () => {
    const { client } = newClient({ ignoreExceptions: ['PaymentError'] });
    const error = new PaymentError('ignored');
    const fail = (): never => {
      throw error;
    };
    expect(() => client.captureErrors(() => client.captureErrors(fail))).toThrow(error);
    expect(client.stats()).toMatchObject({ captured: 1, dropped: { event_processor: 1 } });
    expect(client.hasReported(error)).toBe(false);
  });

  it('concerns exceptions only, sends nothing, and says so where debug is on', () => {
    const { client, transport, lines } = newClient({ ignoreExceptions: ['Error'], debug: true });
    expect(client.captureException(new Error('ignored'))).toBeNull();
    expect(lines).toEqual(['debug: ignored: Error: ignored']);
    client.captureMessage('Error');
    expect(transport.events.map(({ logentry }) => logentry?.message)).toEqual(['Error']);
  });
});
