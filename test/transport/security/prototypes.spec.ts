import { RavenClient, type CaptureOptions, type RavenEvent, type RavenOptions } from 'nestjs-raven';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ReceivedEvent, Receiver } from '../../support/receiver';
import { recordingLogger } from '../../support/silent-logger';
import { receiverFor } from '../support/setup';

const CLEAN = Object.getOwnPropertyNames(Object.prototype).sort();

/** As a parser of bodies gives it: `__proto__` is a key of its own. */
const hostile = (): Record<string, unknown> =>
  JSON.parse(`{
    "kept": "yes",
    "__proto__": { "polluted": "yes", "toString": "yes", "enabled": false },
    "constructor": { "prototype": { "polluted": "yes" }, "name": "yes" },
    "prototype": { "polluted": "yes" },
    "hasOwnProperty": "yes",
    "toString": "yes",
    "toJSON": "yes",
    "nested": { "__proto__": { "polluted": "yes" }, "kept": "yes" }
  }`) as Record<string, unknown>;

function expectClean(): void {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(CLEAN);
  for (const one of [{}, [], () => undefined, new Error('e')]) expect(one).not.toHaveProperty('polluted');
  expect(Object.hasOwn(Object, 'polluted')).toBe(false);
}

async function clientFor(
  options: RavenOptions = {},
): Promise<{ client: RavenClient; receiver: Receiver; lines: string[]; sent: () => Promise<ReceivedEvent> }> {
  const receiver = await receiverFor();
  const logger = recordingLogger();
  const given = { dsn: receiver.dsn(), installProcessHandlers: false, context: {}, includeVersions: false };
  const client = new RavenClient({ ...given, ...options }, { logger, env: {} });
  onTestFinished(async () => void (await client.close(0)));
  const sent = async (): Promise<ReceivedEvent> => {
    expect(await client.flush(5000)).toBe(true);
    expectClean();
    expect(receiver.events).toHaveLength(1);
    return receiver.events[0];
  };
  return { client, receiver, lines: logger.lines, sent };
}

afterEach(expectClean);

describe('keys that lead to prototypes', () => {
  it('in tags, extra, user and the like of one event are data', async () => {
    const { client, sent, lines } = await clientFor();
    const parts = ['tags', 'extra', 'user', 'contexts', 'request'] as const;
    const data = Object.fromEntries(parts.map((part) => [part, hostile()]));
    const options = { tags: hostile(), extra: hostile(), data, ...hostile() } as CaptureOptions;
    expect(client.captureException(new Error('e'), options)).toMatch(/^[0-9a-f]{32}$/);
    const event = await sent();
    expect(event.tags).toMatchObject({ kept: 'yes', hasOwnProperty: 'yes' });
    expect(event.extra).toMatchObject({ kept: 'yes', nested: { kept: 'yes' } });
    expect(Object.hasOwn(event.extra, '__proto__')).toBe(true);
    expect(event.user['data']).toMatchObject({ kept: 'yes' });
    expect(lines).toEqual([]);
  });

  it('in a body are data', async () => {
    const { client, sent } = await clientFor({ sendDefaultPii: true });
    client.httpContext({
      url: 'http://a.test/',
      method: 'POST',
      data: hostile(),
      headers: hostile() as never,
    });
    client.captureMessage('m');
    const { request } = await sent();
    expect(JSON.stringify(request['data'])).toContain('"kept":"yes"');
    expect(request.headers).toMatchObject({ kept: 'yes' });
  });

  it('in contexts are data, and no other context sees them', async () => {
    const { client, sent } = await clientFor();
    client.context.merge(hostile());
    client.context.merge({ tags: hostile(), extra: hostile(), user: hostile(), request: hostile() });
    client.tagsContext(hostile());
    client.extraContext(hostile());
    client.userContext(hostile());
    client.captureBreadcrumb({ message: 'm', data: hostile() });
    client.captureBreadcrumb({ ...hostile(), message: 'n' } as never);
    client.captureMessage('m');
    const event = await sent();
    expect(event.tags).toMatchObject({ kept: 'yes' });
    expect(event.extra).toMatchObject({ kept: 'yes' });
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['m', 'n']);
    const other = new RavenClient(
      { dsn: '', installProcessHandlers: false },
      { logger: recordingLogger(), env: {} },
    );
    expect(other.context.get()).not.toHaveProperty('polluted');
  });

  it('in an event that is sent as it stands are data', async () => {
    const { client, sent } = await clientFor();
    const event = { ...hostile(), message: 'm', tags: hostile(), extra: hostile(), user: hostile() };
    await client.send(event as Partial<RavenEvent>);
    const { extra, tags } = await sent();
    expect(extra).toMatchObject({ kept: 'yes', nested: { kept: 'yes' } });
    expect(tags).toMatchObject({ kept: 'yes' });
  });

  it('on an error are data', async () => {
    const { client, sent } = await clientFor();
    const error = new Error('e');
    for (const [key, value] of Object.entries(hostile())) {
      Object.defineProperty(error, key, { value, enumerable: true });
    }
    expect(client.captureException(error)).not.toBeNull();
    expect((await sent()).exception.values[0]).toMatchObject({ value: 'e' });
  });

  it('in what a hook gives back are data', async () => {
    const { client, sent } = await clientFor({
      beforeSend: (event) => ({ ...event, ...hostile(), extra: hostile() }) as RavenEvent,
      beforeBreadcrumb: (crumb) => ({ ...crumb, data: hostile() }),
      processors: [(event) => Object.assign(event, { tags: hostile() })],
    });
    client.captureBreadcrumb({ message: 'm' });
    client.captureMessage('m');
    const event = await sent();
    expect(event.extra).toMatchObject({ kept: 'yes' });
    expect(event.tags).toMatchObject({ kept: 'yes' });
  });

  it('in the options of a client are refused by name', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty']) {
      const options = JSON.parse(`{"dsn": "", "${key}": {"enabled": false}}`) as RavenOptions;
      expect(() => new RavenClient(options)).toThrow(`unknown option "${key}"`);
    }
  });

  it('in tags and extra of all events are data', async () => {
    const { client, sent } = await clientFor({ tags: hostile(), context: hostile() });
    client.captureMessage('m');
    const event = await sent();
    expect(event.tags).toMatchObject({ kept: 'yes' });
    expect(event.extra).toMatchObject({ kept: 'yes' });
  });
});

describe('a server that answers with keys that lead to prototypes', () => {
  const headers = {
    ['__proto__']: 'polluted',
    constructor: 'polluted',
    prototype: 'polluted',
    'X-Sentry-Rate-Limits': '1:__proto__;constructor;prototype:key, 1:toString:__proto__',
  };
  const body = JSON.stringify({ detail: 'the reason', id: 'x' }).replace(
    '{',
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},',
  );

  it.each([200, 400, 503])('and %i changes nothing but what the status says', async (status) => {
    const { client, receiver, lines } = await clientFor();
    receiver.respondWith(() => ({ status, headers, body }));
    client.captureMessage('one');
    await receiver.waitForRequests(1);
    if (status !== 200) await expect.poll(() => lines.join()).toContain('the reason');
    receiver.respondWith();
    client.captureMessage('two');
    expect(await client.flush(10_000)).toBe(true);
    expect(receiver.events.at(-1)?.logentry.message).toMatch(/one|two/);
    expect(receiver.requests.length).toBeGreaterThanOrEqual(2);
  });
});
