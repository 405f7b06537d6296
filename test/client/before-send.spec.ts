import vm from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BeforeSend, EventHint, RavenEvent } from 'nestjs-raven';
import { newClient } from './support/new-client';

describe('beforeSend', () => {
  it('sees each event last, after the processors, with what was thrown', () => {
    const seen: [RavenEvent, EventHint][] = [];
    const { client } = newClient({ beforeSend: (event, hint) => void seen.push([event, hint]) });
    const error = new Error('e');
    client.captureException(error, { extra: { password: 'p' } });
    client.captureMessage('m');
    expect(seen).toHaveLength(2);
    expect(seen[0][0].extra).toEqual({ password: '********' });
    expect(seen[0][0].message).toBe('Error: e');
    expect(seen[0][1].originalException).toBe(error);
    expect(seen[1][1].originalException).toBeUndefined();
  });

  it.each<[string, BeforeSend]>([
    ['changed in place', (event) => void (event.tags.changed = 'yes')],
    ['given back', (event) => ({ ...event, tags: { changed: 'yes' } })],
    ['changed in place later', async (event) => void (await Promise.resolve(), (event.tags.changed = 'yes'))],
    ['given back later', async (event) => (await Promise.resolve(), { ...event, tags: { changed: 'yes' } })],
    [
      'given back by a promise of another realm',
      (event) =>
        vm.runInNewContext('Promise.resolve(event)', {
          event: { ...event, tags: { changed: 'yes' } },
        }) as never,
    ],
  ])('sends the event that was %s', async (_, beforeSend) => {
    const { client, event } = newClient({ beforeSend });
    const id = client.captureMessage('m');
    expect(await client.flush(1000)).toBe(true);
    expect(event()).toMatchObject({ event_id: id, tags: { changed: 'yes' }, logentry: { message: 'm' } });
  });

  it.each<[string, BeforeSend]>([
    ['null', () => null],
    ['null later', () => Promise.resolve(null)],
  ])('drops the event by %s, silently', async (_, beforeSend) => {
    const { client, transport, lines } = newClient({ beforeSend });
    client.captureMessage('m');
    expect(await client.flush(1000)).toBe(true);
    expect(transport.envelopes).toEqual([]);
    expect(lines).toEqual([]);
  });

  it.each<[string, BeforeSend, string]>([
    [
      'throws',
      () => {
        throw new Error('hook broke');
      },
      'Error: hook broke',
    ],
    ['rejects', () => Promise.reject(new Error('hook broke')), 'Error: hook broke'],
    [
      'throws what cannot be read',
      () => {
        throw Object.create(null) as Error;
      },
      'without a readable message',
    ],
    ['returns true', () => true as never, 'it returned a boolean'],
    ['returns false later', () => Promise.resolve(false) as never, 'it returned a boolean'],
  ])('that %s loses its event, and the log says so', async (_, beforeSend, reason) => {
    const { client, transport, lines } = newClient({ beforeSend });
    expect(client.captureMessage('m')).not.toBeNull();
    expect(await client.flush(1000)).toBe(true);
    expect(transport.envelopes).toEqual([]);
    expect(lines).toEqual([
      expect.stringMatching(/^error: beforeSend failed, its event is dropped: /) as string,
    ]);
    expect(lines[0]).toContain(reason);
  });

  it('may leave in the event what servers take no more', () => {
    const { client, event } = newClient({
      beforeSend: (kept) => {
        kept.tags = { count: 3, on: true, none: null };
        kept.fingerprint = ['a', 1 as never];
        kept.user = { id: 7, plan: 'gold' };
        kept.logger = undefined;
        kept.message = Symbol('m') as never;
      },
    });
    client.captureMessage('m');
    expect(event()).toMatchObject({
      tags: { count: '3', on: 'True' },
      fingerprint: ['a', '1'],
      user: { id: '7', data: { plan: 'gold' } },
      logentry: { message: 'm', formatted: 'Symbol(m)' },
    });
    expect(event().tags).not.toHaveProperty('none');
  });

  it('that never ends holds up neither other events nor more than the time of flush', async () => {
    const { client, transport } = newClient({
      beforeSend: (event) => (event.message === 'stuck' ? new Promise(() => undefined) : undefined),
    });
    client.captureMessage('stuck');
    client.captureMessage('free');
    expect(transport.events.map(({ logentry }) => logentry?.message)).toEqual(['free']);
    expect(await client.flush(20)).toBe(false);
    expect(await client.close(20)).toBe(false);
  });

  it('that never ends loses its event after 30 s, and there is room for others again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let isStuck = true;
    const { client, transport, lines } = newClient({
      maxQueueLength: 1,
      beforeSend: () => (isStuck ? new Promise(() => undefined) : Promise.resolve()),
    });
    client.captureMessage('stuck');
    await vi.advanceTimersByTimeAsync(30_000);
    isStuck = false;
    client.captureMessage('next');
    await client.flush(1000);
    expect(transport.events.map(({ logentry }) => logentry?.message)).toEqual(['next']);
    expect(client.stats()).toMatchObject({ captured: 2, sent: 1, pending: 0 });
    expect(client.stats().dropped).toEqual({ before_send: 1 });
    expect(lines.at(-1)).toMatch(/^error: beforeSend failed.*30000 ms/);
  });

  it('that ends after close sends nothing any more', async () => {
    let finish = (): void => undefined;
    const { client, transport } = newClient({
      beforeSend: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    client.captureMessage('late');
    await client.close(0);
    finish();
    await client.flush(20);
    expect(transport.envelopes).toEqual([]);
  });
});

describe('an asynchronous beforeSend', () => {
  it.each<[string, (event: RavenEvent) => unknown]>([
    ['null', () => null],
    ['an event', (event) => event],
    ['a rejection', () => Promise.reject(new Error('late'))],
  ])('that gives %s once its event was dropped is not counted again', async (_, give) => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const { client } = newClient({
      maxQueueLength: 2,
      beforeSend: (event) => released.then(() => give(event)) as never,
    });
    for (let count = 0; count < 5; count++) client.captureMessage('m');
    await client.close(0);
    const counts = { captured: 5, pending: 0, sent: 0, dropped: { queue_overflow: 3, before_send: 2 } };
    expect(client.stats()).toMatchObject(counts);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.stats()).toMatchObject(counts);
    expect(client.stats().dropped).toEqual(counts.dropped);
  });

  it('that gives what cannot be read loses its event, which is counted once', async () => {
    const unread: BeforeSend = (event) =>
      Object.defineProperty({ ...event }, 'tags', {
        enumerable: true,
        get() {
          throw new Error('boom');
        },
      });
    for (const beforeSend of [unread, (async (event, hint) => unread(event, hint)) satisfies BeforeSend]) {
      const { client, lines } = newClient({ beforeSend });
      client.captureMessage('m');
      await client.flush(1000);
      expect(client.stats()).toMatchObject({ captured: 1, sent: 0, pending: 0 });
      expect(client.stats().dropped).toEqual({ internal_sdk_error: 1 });
      expect(lines).toEqual([expect.stringMatching(/^error: an event .*boom/)]);
    }
  });

  it('that does not end is told in one line, however many waited for it', async () => {
    const { client, lines } = newClient({ beforeSend: () => new Promise(() => undefined) });
    for (let count = 0; count < 50; count++) client.captureMessage('m');
    await client.close(0);
    expect(client.stats().dropped).toEqual({ before_send: 50 });
    expect(lines).toEqual([expect.stringMatching(/did not end in time, 50 /)]);
  });

  it('for which too many wait is told in two lines: that it begins, and how many they were', async () => {
    const finish: (() => void)[] = [];
    const { client, lines } = newClient({
      maxQueueLength: 1,
      beforeSend: () => new Promise<void>((resolve) => finish.push(resolve)),
    });
    // A queue for one is worth a line of its own.
    lines.length = 0;
    for (let count = 0; count < 4; count++) client.captureMessage('m');
    finish[0]();
    expect(await client.flush(1000)).toBe(true);
    expect(client.stats()).toMatchObject({ sent: 1, dropped: { queue_overflow: 3 } });
    expect(lines).toEqual([
      expect.stringMatching(/maxQueueLength/),
      expect.stringMatching(/^warn: 3 events/),
    ]);
  });

  it('is asked once, also where closing gives it up after the versions of packages were read', async () => {
    let asked = 0;
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const { client } = newClient({
      includeVersions: true,
      beforeSend: () => ((asked += 1), begun(), new Promise(() => undefined)),
    });
    client.captureMessage('m');
    await hasBegun;
    await client.close(0);
    expect(asked).toBe(1);
    expect(client.stats().dropped).toEqual({ before_send: 1 });
  });
});

describe('what a hook captures by itself', () => {
  it.each([
    'beforeSend',
    'beforeBreadcrumb',
    'a processor',
    'a logger',
    'a lazy breadcrumb',
    'an event type',
  ])('is not reported: %s does not come round to itself', async (where) => {
    let calls = 0;
    const reportAll = (): void => {
      calls += 1;
      if (calls > 10) throw new Error('it comes round');
      client.captureException(new Error('inside'));
      client.captureMessage('inside');
      client.captureBreadcrumb({ message: 'inside' });
    };
    const setUps: Record<string, () => ReturnType<typeof newClient>> = {
      beforeSend: () => newClient({ beforeSend: async () => (await Promise.resolve(), reportAll()) }),
      beforeBreadcrumb: () => newClient({ beforeBreadcrumb: reportAll }),
      'a processor': () => newClient({ processors: [reportAll] }),
      'a logger': () =>
        newClient({ debug: true }, { logger: { debug: reportAll, log() {}, warn() {}, error: reportAll } }),
      'a lazy breadcrumb': () => newClient(),
      'an event type': () => newClient(),
    };
    const { client, transport } = setUps[where]();
    client.captureBreadcrumb({
      message: 'outside',
      ...(where === 'a lazy breadcrumb' && { processor: reportAll }),
    });
    if (where === 'an event type') client.capture(() => (reportAll(), { message: 'outside' }));
    else client.captureMessage('outside');
    expect(await client.flush(1000)).toBe(true);
    expect(calls).toBe(1);
    expect(transport.events.map(({ logentry }) => logentry?.message)).toEqual(['outside']);
    expect(client.context.breadcrumbs.map(({ message }) => message)).toEqual(['outside']);
  });

  it('is reported again after the hook', () => {
    const { client, transport } = newClient({ beforeSend: () => undefined });
    client.captureMessage('first');
    client.captureMessage('second');
    expect(transport.events).toHaveLength(2);
  });
});

describe('a logger that throws', () => {
  it('does no harm', async () => {
    const fail = (): never => {
      throw new Error('logger');
    };
    const { client, transport } = newClient(
      { debug: true, beforeSend: fail },
      { logger: { debug: fail, log: fail, warn: fail, error: fail } },
    );
    expect(client.captureMessage('m')).not.toBeNull();
    client.captureBreadcrumb({});
    client.capture('Nope');
    expect(await client.flush(100)).toBe(true);
    expect(transport.events).toEqual([]);
  });
});
