import { describe, expect, it } from 'vitest';
import { runInScope, WorkScope } from '../../lib/context/scope';
import type { RavenEvent } from 'nestjs-raven';
import { newClient } from './support/new-client';

function functionsOf(event: RavenEvent): (string | undefined)[] {
  return event.threads?.values[0].stacktrace?.frames.map((frame) => frame.function) ?? [];
}

describe('an event', () => {
  it('has an id of 32 hex digits, which is returned and remembered', () => {
    const { client, event } = newClient();
    const id = client.captureMessage('m');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(event().event_id).toBe(id);
    expect(client.lastEventId).toBe(id);
  });

  it('keeps the id that data gives it, in the form servers take', () => {
    const { client, event } = newClient();
    expect(client.captureMessage('m', { data: { event_id: 'AB'.repeat(16) } })).toBe('ab'.repeat(16));
    expect(event().event_id).toBe('ab'.repeat(16));
    const uuid = '01234567-89ab-cdef-0123-456789abcdef';
    expect(client.captureMessage('m', { data: { event_id: uuid } })).toBe(uuid.replaceAll('-', ''));
  });

  it('has an id of its own where the one that data gives is none', () => {
    const { client } = newClient();
    expect(client.captureMessage('m', { data: { event_id: '7' } })).toMatch(/^[0-9a-f]{32}$/);
  });

  it('happened now, or at its date, or when data says so', () => {
    const { client, event } = newClient({}, { now: () => 1_000_500 });
    client.captureMessage('m');
    expect(event().timestamp).toBe(1000.5);
    client.captureMessage('m', { date: new Date(2_000_250) });
    expect(event().timestamp).toBe(2000.25);
    client.captureMessage('m', { date: new Date(2_000_250), data: { timestamp: 3000 } });
    expect(event().timestamp).toBe(3000);
    for (const date of [new Date(Number.NaN), 'yesterday' as never]) {
      client.captureMessage('m', { date });
      expect(event().timestamp).toBe(1000.5);
    }
  });

  it('says how long it took in whole milliseconds', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { timeSpent: 12.7 });
    expect(event().time_spent).toBe(13);
    client.captureMessage('m', { timeSpent: Number.NaN });
    expect(event()).not.toHaveProperty('time_spent');
  });

  it('has a fingerprint of texts', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { fingerprint: ['a', 7 as never, true as never] });
    expect(event().fingerprint).toEqual(['a', '7', 'true']);
  });
});

describe('the stack of a message', () => {
  it('is that of the call where it is asked for, without frames of this package', () => {
    const { client, event } = newClient();
    function placeOrder(): void {
      client.captureMessage('m', { stack: true });
    }
    placeOrder();
    expect(functionsOf(event()).at(-1)).toBe('placeOrder');
    client.captureMessage('m');
    expect(event()).not.toHaveProperty('threads');
  });

  it('is as deep as the calls are, though V8 keeps ten frames by default', () => {
    const { client, event } = newClient();
    const limit = Error.stackTraceLimit;
    function descend(depth: number): void {
      if (depth === 0) client.captureMessage('m', { stack: true });
      else descend(depth - 1);
    }
    descend(20);
    expect(functionsOf(event()).filter((name) => name === 'descend')).toHaveLength(21);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it('is there by default with autoLogStacks, and not where the call says no', () => {
    const { client, event } = newClient({ autoLogStacks: true });
    function placeOrder(): void {
      client.captureMessage('m');
    }
    placeOrder();
    expect(functionsOf(event()).at(-1)).toBe('placeOrder');
    client.captureMessage('m', { stack: false });
    expect(event()).not.toHaveProperty('threads');
  });

  it('is one that was given, as text or by an error', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { stack: 'Error: x\n    at given (/srv/app/given.js:3:7)' });
    expect(event().threads?.values[0].stacktrace?.frames).toMatchObject([
      { function: 'given', abs_path: '/srv/app/given.js', lineno: 3, colno: 7 },
    ]);
    function broken(): Error {
      return new Error('carried');
    }
    client.captureMessage('m', { stack: broken() });
    expect(functionsOf(event()).at(-1)).toBe('broken');
  });

  it('is none where what was given has no frames', () => {
    const { client, event } = newClient();
    client.captureMessage('m', { stack: 'no stack at all' });
    expect(event()).not.toHaveProperty('threads');
  });

  it('is never added to an exception, which has its own', () => {
    const { client, event } = newClient({ autoLogStacks: true });
    client.captureException(new Error('e'), { stack: true });
    expect(event()).not.toHaveProperty('threads');
    expect(event().exception?.values[0].stacktrace?.frames.length).toBeGreaterThan(0);
  });
});

describe('sampling', () => {
  it.each([
    [0.3, 0.29, true],
    [0.3, 0.3, false],
    [1, 0.999_999, true],
    [0, 0, false],
  ])('at a rate of %d sends an event for a random %d: %s', (sampleRate, random, isSent) => {
    const { client, transport } = newClient({ sampleRate }, { random: () => random });
    client.captureMessage('m');
    expect(transport.events).toHaveLength(isSent ? 1 : 0);
  });

  it('is overridden by the rate of a capture', () => {
    const none = newClient({ sampleRate: 0 }, { random: () => 0.5 });
    none.client.captureMessage('m', { sampleRate: 0.6 });
    expect(none.transport.events).toHaveLength(1);
    const all = newClient({}, { random: () => 0.5 });
    all.client.captureException(new Error('e'), { sampleRate: 0.4 });
    expect(all.transport.events).toHaveLength(0);
  });

  it('that keeps an event back gives it an id all the same, and the error counts as reported', () => {
    const { client, transport } = newClient({ sampleRate: 0 }, { random: () => 0.5 });
    const error = new Error('e');
    const id = client.captureException(error);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(client.lastEventId).toBe(id);
    expect(client.captureException(error)).toBeNull();
    expect(transport.envelopes).toEqual([]);
  });

  it('asks for one random number an event', () => {
    let asked = 0;
    const { client } = newClient({ sampleRate: 0.5 }, { random: () => (asked++, 0) });
    client.captureMessage('m');
    client.captureMessage('m');
    expect(asked).toBe(2);
  });
});

describe('the id of the last event', () => {
  it('is null before the first one', () => {
    expect(newClient().client.lastEventId).toBeNull();
  });

  it('is one of its own in each piece of work', () => {
    const { client } = newClient();
    const outside = client.captureMessage('outside');
    runInScope(new WorkScope(), () => {
      expect(client.lastEventId).toBeNull();
      const inside = client.captureMessage('inside');
      expect(client.lastEventId).toBe(inside);
      client.context.run(() => expect(client.lastEventId).toBe(inside));
    });
    expect(client.lastEventId).toBe(outside);
  });

  it('stays where nothing was reported', () => {
    const { client } = newClient({ ignoreExceptions: [TypeError] });
    const id = client.captureMessage('m');
    client.captureException(new TypeError('ignored'));
    client.capture('Nope');
    expect(client.lastEventId).toBe(id);
  });
});
