import { describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport, type RavenEvent, type RavenOptions } from 'nestjs-raven';
import { silentLogger } from '../support/silent-logger';

async function sent(options: RavenOptions, act: (client: RavenClient) => void): Promise<RavenEvent> {
  const transport = new RecordingTransport();
  const client = new RavenClient(
    {
      dsn: 'http://public@localhost/1',
      installProcessHandlers: false,
      includeVersions: false,
      ...options,
      transport,
    },
    { logger: silentLogger, env: {} },
  );
  act(client);
  await client.close();
  expect(transport.events).toHaveLength(1);
  return transport.events[0];
}

describe('on the wire', () => {
  it('keys that servers do not know are among the extra, where they are shown', async () => {
    const event = await sent({ repos: { lib: { type: 'git', name: 'acme/shop' } } }, (client) =>
      client.captureMessage('m', { data: { shop: 17, extra: { a: 1 } } }),
    );
    expect(event.extra).toMatchObject({ a: 1, shop: 17, repos: { lib: { type: 'git', name: 'acme/shop' } } });
    expect(event).not.toHaveProperty('shop');
    expect(event).not.toHaveProperty('repos');
  });

  it('levels have the names that servers know, of events and of breadcrumbs', async () => {
    const event = await sent({}, (client) => {
      for (const level of ['CRITICAL', 'warn', 'log', 'verbose'])
        client.captureBreadcrumb({ message: level, level });
      client.captureMessage('m', { level: 'warn' as never });
    });
    expect(event.level).toBe('warning');
    expect(event.breadcrumbs?.values.map(({ level }) => level)).toEqual(['fatal', 'warning', 'info', null]);
  });

  it('names of functions and files are as long as servers keep, and a longer path is left out', async () => {
    const folders = '/folder'.repeat(50);
    const error = new Error('m');
    error.stack = `Error: m\n    at ${'f'.repeat(400)} (${folders}/a.js:1:2)\n    at g (/app/b.js:3:4)`;
    const event = await sent({}, (client) => client.captureException(error));
    const [caller, thrown] = event.exception?.values[0].stacktrace?.frames.slice(-2) ?? [];
    expect(caller).toMatchObject({ function: 'g', abs_path: '/app/b.js' });
    expect([thrown.function?.length, thrown.filename?.length]).toEqual([256, 256]);
    expect(thrown.filename).toMatch(/^\.\.\..+\/folder\/a\.js$/);
    expect(thrown).not.toHaveProperty('abs_path');
    expect(thrown).toMatchObject({ lineno: 1, in_app: true });
  });

  it('a request has the types that servers take, whatever it was given as', async () => {
    const event = await sent({}, (client) => {
      client.httpContext({
        url: new URL('http://localhost/a') as never,
        method: 'PUT',
        headers: { 'x-count': 3 as never, accept: ['a', 'b'] as never },
        cookies: 'theme=dark; lang=sv',
        query_string: { a: 1 as never },
        route: '/a',
        env: { SERVER: 'x' },
      });
      client.captureMessage('m');
    });
    expect(event.request).toEqual({
      url: 'http://localhost/a',
      method: 'PUT',
      headers: { 'x-count': '3', accept: '["a","b"]' },
      cookies: { theme: 'dark', lang: 'sv' },
      query_string: { a: '1' },
      env: { route: '/a', SERVER: 'x' },
    });
  });
});
