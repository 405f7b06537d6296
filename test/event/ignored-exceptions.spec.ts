import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isIgnored } from '../../lib/event/ignored-exceptions';

class PaymentError extends Error {}
class CardDeclined extends PaymentError {}
class Gone extends Error {
  static module = 'shop.errors';
}

describe('an exception is ignored', () => {
  it.each([
    ['by its class', new PaymentError(), [PaymentError]],
    ['by a class above its own', new CardDeclined(), [PaymentError]],
    ['by its class’s name', new CardDeclined(), ['CardDeclined']],
    ['by the name it goes by', Object.assign(new Error(), { name: 'AbortError' }), ['AbortError']],
    ['by its class’s name although it goes by another', Object.assign(new Gone(), { name: 'X' }), ['Gone']],
    ['by a qualified name', new Gone(), ['shop.errors.Gone']],
    ['by a module of its own', Object.assign(new Error(), { module: 'shop' }), ['shop.Error']],
    ['by a qualified prefix', new Gone(), ['shop.*']],
    ['by the qualified name of a built-in one', new TypeError(), ['builtins.TypeError']],
    ['by the qualified name of an app’s own', new PaymentError(), ['__main__.PaymentError']],
    ['by everything', new Error(), ['*']],
    ['by the second entry', new Error(), ['Other', 'Error']],
    ['by name where it is of another realm', runInNewContext('new TypeError()') as unknown, ['TypeError']],
  ])('%s', (_what, exception, entries) => {
    expect(isIgnored(exception, entries)).toBe(true);
  });

  it.each([
    ['by no entries', new Error(), []],
    ['by the name of a class above its own', new CardDeclined(), ['PaymentError']],
    ['by a class below its own', new PaymentError(), [CardDeclined]],
    ['by a prefix of its bare name', new PaymentError(), ['Payment*']],
    ['by its name in other letters', new PaymentError(), ['paymenterror']],
    ['by a part of its name', new PaymentError(), ['Payment']],
    ['by a name where it is none', 'PaymentError', ['PaymentError', 'string']],
    ['by a function that makes nothing', new Error(), [(() => 0) as unknown as typeof Error]],
  ])('not %s', (_what, exception, entries) => {
    expect(isIgnored(exception, entries)).toBe(false);
  });

  it('not where it cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const thrown of [proxy, null, undefined, 1]) {
      expect(isIgnored(thrown, [Error, 'Error', 'builtins.*'])).toBe(false);
    }
  });
});
