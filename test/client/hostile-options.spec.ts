import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BreadcrumbOptions, CaptureOptions } from 'nestjs-raven';
import { newClient } from './support/new-client';

const throwing = (): never => {
  throw new Error('hostile');
};

/** Values that fail whoever touches them. */
const HOSTILE: [string, () => unknown][] = [
  [
    'a getter that throws',
    () => Object.defineProperty({ kept: 1 }, 'bad', { get: throwing, enumerable: true }),
  ],
  [
    'a proxy that throws',
    () => new Proxy({}, { get: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
  ],
  [
    'a toString that throws',
    () => ({ toString: throwing, toJSON: throwing, [Symbol.toPrimitive]: throwing }),
  ],
  ['a revoked proxy', () => revoked()],
  ['a cycle', () => cycle()],
  ['a big integer', () => 12n],
  ['a symbol', () => Symbol('s')],
  ['null', () => null],
  ['a text', () => 'text'],
  ['an object without prototype', () => Object.assign(Object.create(null) as object, { kept: 1 })],
];

const OPTIONS = [
  'data',
  'date',
  'timeSpent',
  'extra',
  'stack',
  'tags',
  'sampleRate',
  'fingerprint',
  'level',
  'params',
  'formatted',
];

const PARTS = [
  'user',
  'request',
  'tags',
  'extra',
  'contexts',
  'logentry',
  'exception',
  'breadcrumbs',
  'fingerprint',
  'message',
  'culprit',
  'logger',
  'level',
  'timestamp',
  'event_id',
];

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const value: Record<string, unknown> = { kept: 1 };
  value.self = value;
  return value;
}

describe.each(HOSTILE)('%s', (_, make) => {
  it.each(OPTIONS)('as the option %s loses no event', (option) => {
    const { client, event } = newClient();
    expect(client.captureMessage('kept', { [option]: make() })).not.toBeNull();
    expect(event().logentry?.message).toBe('kept');
    expect(() => JSON.stringify(event())).not.toThrow();
  });

  it.each(PARTS)('as %s of data loses no event', (part) => {
    const { client, event } = newClient();
    expect(client.captureMessage('kept', { data: { [part]: make() } })).not.toBeNull();
    expect(() => JSON.stringify(event())).not.toThrow();
  });

  it('as options, in a context or as a breadcrumb loses no event', () => {
    const { client, transport } = newClient();
    const value = make();
    client.context.merge(value as Record<string, unknown>);
    client.context.merge({ tags: value, extra: value });
    client.userContext(value as never);
    client.tagsContext(value as never);
    client.extraContext(value as never);
    client.httpContext(value as never);
    client.captureBreadcrumb(value as BreadcrumbOptions);
    client.captureBreadcrumb({
      message: value as never,
      level: value as never,
      type: value as never,
      category: value as never,
      timestamp: value as never,
      data: value as never,
    });
    client.captureBreadcrumb({ processor: value as never });
    expect(client.captureMessage(value as string, value as CaptureOptions)).not.toBeNull();
    expect(client.captureException(new Error('e'), value as CaptureOptions)).not.toBeNull();
    expect(client.captureQuery(value as string, value as CaptureOptions)).not.toBeNull();
    expect(client.capture('Message', value as CaptureOptions)).not.toBeNull();
    client.context.set(value as Record<string, unknown>);
    expect(client.captureMessage('m')).not.toBeNull();
    expect(transport.events).toHaveLength(5);
    expect(() => JSON.stringify(transport.events)).not.toThrow();
  });

  it('makes send neither throw nor reject', async () => {
    const { client } = newClient();
    await expect(client.send(make() as never)).resolves.toBeUndefined();
    await expect(client.send({ user: make(), tags: make(), fingerprint: make() } as never)).resolves.toBe(
      undefined,
    );
  });
});

describe('what can be read of a hostile value', () => {
  it('arrives', () => {
    const { client, event } = newClient();
    const [, withGetter] = HOSTILE[0];
    client.tagsContext(withGetter() as Record<string, unknown>);
    client.captureMessage('m', { extra: withGetter() as Record<string, unknown> });
    expect(event().extra).toEqual({ kept: 1, bad: '<unreadable>' });
    expect(event().tags).toEqual({ kept: '1', bad: '<unreadable>' });
  });
});

describe('whatever the options are', () => {
  it('a capture neither throws nor loses its event', () => {
    const { client, transport } = newClient();
    const options = fc.record(
      // A rate that is a number decides whether there is an event.
      Object.fromEntries(OPTIONS.map((key) => [key, key === 'sampleRate' ? fc.string() : fc.anything()])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, fc.anything(), (given, message) => {
        transport.clear();
        const id = client.captureMessage(message as string, given as CaptureOptions);
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(transport.events.map((event) => event.event_id)).toEqual([id]);
        expect(() => JSON.stringify(transport.events)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});
