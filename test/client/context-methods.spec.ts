import { describe, expect, it } from 'vitest';
import { newClient } from './support/new-client';

describe('what is set on the client', () => {
  it('goes along with later events: the newest user and request, all tags and extra', () => {
    const { client, event } = newClient();
    client.userContext({ id: 1, email: 'a@example.com' });
    client.userContext({ id: 2 });
    client.httpContext({ url: 'http://shop/1', method: 'POST' });
    client.httpContext({ url: 'http://shop/2' });
    client.tagsContext({ a: 1, b: true });
    client.tagsContext({ a: 2 });
    client.extraContext({ a: { b: 1 } });
    client.extraContext({ a: { c: 1 }, d: null });
    client.captureMessage('m');
    expect(event()).toMatchObject({
      user: { id: '2' },
      request: { url: 'http://shop/2' },
      tags: { a: '2', b: 'True' },
      extra: { a: { c: 1 }, d: null },
    });
    expect(event().user).not.toHaveProperty('email');
    expect(event().request).not.toHaveProperty('method');
    expect(event().extra.a).toEqual({ c: 1 });
  });

  it('is forgotten: the user by null, everything by clear', () => {
    const { client, event } = newClient();
    client.userContext({ id: 1 });
    client.userContext(null);
    client.tagsContext({ a: 1 });
    client.captureMessage('m');
    expect(event()).not.toHaveProperty('user');
    client.context.clear();
    client.captureMessage('m');
    expect(event().tags).toEqual({});
  });

  it('is not changed by what happens to an event', () => {
    const { client, event } = newClient({ processors: [(given) => void (given.tags.added = 'yes')] });
    const tags = { a: 'b' };
    client.tagsContext(tags);
    client.captureMessage('m');
    expect(event().tags).toEqual({ a: 'b', added: 'yes' });
    expect(client.context.get()).toEqual({ tags: { a: 'b' } });
    expect(tags).toEqual({ a: 'b' });
  });
});

describe('a user', () => {
  it('has at the top what servers know, as texts, and everything else under data', () => {
    const { client, event } = newClient({ sendDefaultPii: true });
    client.userContext({
      id: 7,
      username: 'ada',
      email: 'ada@example.com',
      ip_address: '10.0.0.7',
      name: 'Ada',
      geo: { city: 'London' },
      plan: 'gold',
      seats: 3,
      tenant: { id: 9 },
      data: { since: 1843 },
    });
    client.captureMessage('m');
    expect(event().user).toEqual({
      id: '7',
      username: 'ada',
      email: 'ada@example.com',
      ip_address: '10.0.0.7',
      name: 'Ada',
      geo: { city: 'London' },
      data: { plan: 'gold', seats: '3', tenant: { id: 9 }, since: 1843 },
    });
  });

  it('is seen whole by beforeSend', () => {
    let seen: unknown;
    const { client } = newClient({ beforeSend: (event) => void (seen = structuredClone(event.user)) });
    client.captureMessage('m', { data: { user: { id: 'a', plan: 'gold' } } });
    expect(seen).toEqual({ id: 'a', plan: 'gold' });
  });

  it('that is only a name or a number is an id', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { data: { user: 'ada' } });
    expect(event().user).toEqual({ id: 'ada' });
    client.captureMessage('m', { data: { user: 7 } });
    expect(event().user).toEqual({ id: '7' });
  });

  it('without anything to say of it has no data', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { data: { user: { id: 'a', plan: null, data: 'text' } } });
    expect(event().user).toEqual({ id: 'a', data: { data: 'text' } });
    client.captureMessage('m', { data: { user: { id: 'a' } } });
    expect(event().user).toEqual({ id: 'a' });
  });
});
