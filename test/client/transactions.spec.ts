import { describe, expect, it } from 'vitest';
import { runInScope, WorkScope } from '../../lib/context/scope';
import { newClient } from './support/new-client';

describe('the transaction stack', () => {
  it('names events by its top, until that is popped', () => {
    const { client, event } = newClient();
    const current = (): unknown => {
      client.captureMessage('m');
      return event().transaction;
    };
    expect(current()).toBeUndefined();
    client.transaction.push('outer');
    client.transaction.push('inner');
    expect(client.transaction.peek()).toBe('inner');
    expect(current()).toBe('inner');
    expect(client.transaction.pop()).toBe('inner');
    expect(current()).toBe('outer');
    expect(client.transaction.pop()).toBe('outer');
    expect(client.transaction.pop()).toBeUndefined();
    expect(current()).toBeUndefined();
  });

  it('takes everything above a name off with it, and nothing for a name it does not hold', () => {
    const { transaction } = newClient().client;
    for (const name of ['a', 'b', 'a', 'c']) transaction.push(name);
    expect(transaction.pop('unknown')).toBeUndefined();
    expect(transaction.peek()).toBe('c');
    expect(transaction.pop('a')).toBe('a');
    expect(transaction.peek()).toBe('b');
  });

  it('holds a name for a block', () => {
    const { transaction } = newClient().client;
    {
      using _ = transaction.scope('block');
      transaction.push('left behind');
      expect(transaction.peek()).toBe('left behind');
    }
    expect(transaction.peek()).toBeUndefined();
  });

  it('is inherited by scopes and pieces of work, which leave the outer one alone', async () => {
    const { client } = newClient();
    client.transaction.push('outer');
    await client.context.run(async () => {
      expect(client.transaction.peek()).toBe('outer');
      client.transaction.push('inner');
      await Promise.resolve();
      expect(client.transaction.peek()).toBe('inner');
    });
    runInScope(new WorkScope(), () => {
      client.transaction.pop();
      expect(client.transaction.peek()).toBeUndefined();
    });
    expect(client.transaction.peek()).toBe('outer');
  });

  it('names the event as one that was named by the app', () => {
    const { client, event } = newClient();
    client.transaction.push('nightly');
    client.captureMessage('m');
    expect(event().transaction_info).toEqual({ source: 'custom' });
    client.captureMessage('m', { data: { transaction: 'GET /x', transaction_info: { source: 'route' } } });
    expect(event()).toMatchObject({ transaction: 'GET /x', transaction_info: { source: 'route' } });
  });
});
