import { lastValueFrom, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { newClient, type TestClient } from './support/new-client';

class PaymentError extends Error {}
class CardError extends PaymentError {}

function reported({ transport }: TestClient): (string | undefined)[] {
  return transport.events.map(({ exception }) => exception?.values.at(-1)?.value);
}

function fail(error: unknown): never {
  throw error;
}

describe('captureErrors', () => {
  it('gives what the function gives, and reports nothing, where nothing fails', async () => {
    const test = newClient();
    const value = { a: 1 };
    expect(test.client.captureErrors(() => value)).toBe(value);
    expect(await test.client.captureErrors(async () => (await Promise.resolve(), value))).toBe(value);
    expect(await lastValueFrom(test.client.captureErrors(() => of(value)))).toBe(value);
    expect(test.transport.events).toEqual([]);
  });

  it('reports what the function throws, which then goes on as it is', () => {
    const test = newClient();
    const error = new Error('thrown');
    expect(() => test.client.captureErrors(() => fail(error))).toThrow(error);
    expect(reported(test)).toEqual(['thrown']);
    expect(test.event().exception?.values[0].mechanism).toEqual({ type: 'generic', handled: true });
  });

  it('reports what its promise rejects with, or its Observable ends with', async () => {
    const test = newClient();
    const rejected = new Error('rejected');
    await expect(test.client.captureErrors(() => Promise.reject(rejected))).rejects.toBe(rejected);
    const streamed = new Error('streamed');
    const stream = test.client.captureErrors(() => throwError(() => streamed));
    expect(reported(test)).toEqual(['rejected']);
    await expect(lastValueFrom(stream)).rejects.toBe(streamed);
    expect(reported(test)).toEqual(['rejected', 'streamed']);
  });

  it('reports only errors of the given classes and of those below them', async () => {
    const test = newClient();
    const run = (error: unknown): void =>
      expect(() => test.client.captureErrors(() => fail(error), PaymentError, TypeError)).toThrow();
    run(new CardError('card'));
    run(new TypeError('type'));
    run(new RangeError('range'));
    await expect(
      test.client.captureErrors(() => Promise.reject(new RangeError('later')), PaymentError),
    ).rejects.toThrow('later');
    expect(reported(test)).toEqual(['card', 'type']);
  });

  it('lets an error through that cannot be asked for its class', () => {
    const test = newClient();
    const hostile = new Proxy(new Error('e'), { getPrototypeOf: () => fail(new Error('prototype')) });
    let caught: unknown;
    try {
      test.client.captureErrors(() => fail(hostile), PaymentError);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(hostile);
    expect(() => test.client.captureErrors(() => fail(new Error('e')), 'PaymentError' as never)).toThrow('e');
  });

  it('gives what the function gives, whatever that does when it is asked what it is', () => {
    const { client } = newClient();
    const hostile = (): never => fail(new Error('trap'));
    const traps = { get: hostile, has: hostile, getPrototypeOf: hostile };
    for (const value of [new Proxy({}, traps), new Proxy([], traps), new Proxy(new Error('e'), traps)]) {
      expect(client.captureErrors(() => value) === value).toBe(true);
    }
  });

  it('reports an error once where blocks are nested', () => {
    const test = newClient();
    const nested = (): void => test.client.captureErrors(() => fail(new Error('deep')));
    expect(() => test.client.captureErrors(nested)).toThrow('deep');
    expect(reported(test)).toEqual(['deep']);
  });

  it('runs the function where the client is disabled', () => {
    const { client } = newClient({ enabled: false });
    expect(client.captureErrors(() => 1)).toBe(1);
    expect(() => client.captureErrors(() => fail(new Error('e')))).toThrow('e');
  });
});
