import { describe, expect, it } from 'vitest';
import { newClient } from './support/new-client';

describe('what is said of one event in several places', () => {
  it('comes from data where data has the key, which hides the whole value of the context', () => {
    const { client, event } = newClient();
    client.context.merge({
      user: { id: '1', email: 'a@example.com' },
      tags: { context: 'yes', both: 'context' },
      logger: 'context',
    });
    client.captureMessage('m', { data: { user: { id: '2' }, tags: { both: 'data' } } });
    expect(event().user).toEqual({ id: '2' });
    expect(event().tags).toEqual({ both: 'data' });
    expect(event().logger).toBe('context');
  });

  it('loses its user where data says that there is none', () => {
    const { client, event } = newClient();
    client.userContext({ id: '1' });
    client.captureMessage('m', { data: { user: null } });
    expect(event()).not.toHaveProperty('user');
  });

  it('merges tags: the client below the event, the event below the argument', () => {
    const { client, event } = newClient({ tags: { a: 'client', b: 'client', c: 'client' } });
    client.tagsContext({ b: 'context', c: 'context' });
    client.captureMessage('m', { tags: { c: 'argument', d: 4 } });
    expect(event().tags).toEqual({ a: 'client', b: 'context', c: 'argument', d: '4' });
  });

  it("merges extra: the client's context below the event, the event below the argument", () => {
    const { client, event } = newClient({ context: { a: 'client', b: 'client', c: 'client' } });
    client.extraContext({ b: 'context', c: 'context' });
    client.captureMessage('m', { extra: { c: 'argument', d: 4 } });
    expect(event().extra).toEqual({ a: 'client', b: 'context', c: 'argument', d: 4 });
  });

  it("has the process's arguments in extra where the option context is not given", () => {
    const { client, event } = newClient({ context: undefined });
    client.captureMessage('m');
    expect(event().extra).toEqual({ 'process.argv': process.argv });
  });

  it.each([
    ['data', { data: { level: 'info' }, level: 'fatal' }, 'info'],
    ['the context', { level: 'fatal' }, 'debug'],
  ] as const)('takes the level of %s before that of the argument', (where, options, expected) => {
    const { client, event } = newClient();
    if (where === 'the context') client.context.merge({ level: 'debug' });
    client.captureMessage('m', options);
    expect(event().level).toBe(expected);
  });

  it("takes the argument's level where nothing else says one, else error", () => {
    const { client, event } = newClient();
    client.captureMessage('m', { level: 'warning' });
    expect(event().level).toBe('warning');
    client.captureMessage('m');
    expect(event().level).toBe('error');
  });

  it.each([
    ['warn', 'warning'],
    ['CRITICAL', 'fatal'],
    ['log', 'info'],
    ['constructor', 'error'],
    ['__proto__', 'error'],
    [40, 'error'],
    [{}, 'error'],
  ])('writes the level %j as %s', (level, expected) => {
    const { client, event } = newClient();
    client.captureMessage('m', { data: { level } });
    expect(event().level).toBe(expected);
  });

  it('takes the culprit of data, else the transaction on top of the stack', () => {
    const { client, event } = newClient();
    client.transaction.push('outer');
    client.transaction.push('inner');
    client.captureMessage('m');
    expect(event().transaction).toBe('inner');
    client.captureMessage('m', { data: { culprit: 'given' } });
    expect(event().transaction).toBe('given');
    expect(event()).not.toHaveProperty('culprit');
  });

  it('has the tag site unless the event has one', () => {
    const { client, event } = newClient({ site: 'shop' });
    client.captureMessage('m');
    expect(event().tags).toEqual({ site: 'shop' });
    client.captureMessage('m', { tags: { site: 'own' } });
    expect(event().tags).toEqual({ site: 'own' });
    client.captureMessage('m', { data: { tags: { site: 'data' } } });
    expect(event().tags).toEqual({ site: 'data' });
  });

  it("has the client's release and environment whatever data says, and those of data where the client has none", () => {
    const data = { release: 'data', environment: 'data', server_name: 'data' };
    const named = newClient({ release: 'client', environment: 'client', serverName: 'client' });
    named.client.captureMessage('m', { data });
    expect(named.event()).toMatchObject({ release: 'client', environment: 'client', server_name: 'data' });
    const bare = newClient({ serverName: 'client' });
    bare.client.captureMessage('m', { data: { release: 'data', environment: 'data' } });
    expect(bare.event()).toMatchObject({ release: 'data', environment: 'data', server_name: 'client' });
  });

  it('groups by the fingerprint of the call before that of the context', () => {
    const { client, event } = newClient();
    client.context.merge({ fingerprint: ['context'] });
    client.captureMessage('m');
    expect(event().fingerprint).toEqual(['context']);
    client.captureMessage('m', { fingerprint: ['{{ default }}', 'call'] });
    expect(event().fingerprint).toEqual(['{{ default }}', 'call']);
  });

  it('keeps what data has of the fields of the event type', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { data: { logentry: { message: 'data' } } });
    expect(event().logentry).toMatchObject({ message: 'data' });
    client.captureQuery('select 1', {
      engine: 'postgres',
      data: { contexts: { query: { engine: 'mysql' } } },
    });
    expect(event().contexts?.query).toEqual({ engine: 'mysql' });
  });

  it('adds its contexts to those of the machine, and lets data win over the context', () => {
    const { client, event } = newClient();
    client.context.merge({ contexts: { order: { id: 1 }, shop: { id: 2 } } });
    client.captureMessage('m', { data: { contexts: { order: { id: 3 } } } });
    expect(event().contexts).toMatchObject({ order: { id: 3 }, shop: { id: 2 }, runtime: { name: 'node' } });
  });
});
