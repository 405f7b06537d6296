import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import {
  RavenClient,
  RavenModule,
  RecordingTransport,
  type CaptureOptions,
  type EventType,
  type EventTypeOption,
  type RavenEvent,
} from 'nestjs-raven';
import { newClient } from './support/new-client';

describe('an event of a kind that every client knows', () => {
  it.each(['Message', 'raven.events.Message'])('is captured as %s', (type) => {
    const { client, event } = newClient();
    const id = client.capture(type, { message: 'hello %s', params: ['you'], formatted: 'hello you' });
    expect(event()).toMatchObject({
      event_id: id,
      platform: 'node',
      logentry: { message: 'hello %s', params: ['you'], formatted: 'hello you' },
    });
    expect(event()).not.toHaveProperty('exception');
  });

  it.each(['Exception', 'raven.events.Exception'])('is captured as %s', (type) => {
    const { client, event } = newClient();
    client.capture(type, { exception: new RangeError('too far') });
    expect(event().exception?.values).toMatchObject([
      { type: 'RangeError', value: 'too far', mechanism: { type: 'generic', handled: true } },
    ]);
  });

  it.each(['Query', 'raven.events.Query'])('is captured as %s', (type) => {
    const { client, event } = newClient();
    client.capture(type, { query: 'select $1', params: [7], engine: 'postgres' });
    expect(event()).toMatchObject({
      logentry: { message: 'select $1', params: [7] },
      contexts: { query: { engine: 'postgres' } },
    });
  });

  it('has the same fields whether it is captured by name or by its own method', () => {
    const { client, transport } = newClient();
    client.captureMessage('m', { params: { a: 1 } });
    client.capture('Message', { message: 'm', params: { a: 1 } });
    client.captureQuery('q', { engine: 'e' });
    client.capture('Query', { query: 'q', engine: 'e' });
    const [message, sameMessage, query, sameQuery] = transport.events.map(({ logentry, contexts }) => ({
      logentry,
      query: contexts?.query,
    }));
    expect(message).toEqual(sameMessage);
    expect(query).toEqual(sameQuery);
    expect(message.logentry).toEqual({ message: 'm', params: { a: 1 } });
  });

  it('leaves the template alone: it is what servers group by', () => {
    const { client, event } = newClient();
    client.captureMessage('hello %s', { params: ['you'] });
    expect(event().logentry).toEqual({ message: 'hello %s', params: ['you'] });
  });

  it('shows a message that is no text as what it is', () => {
    const { client, event } = newClient();
    const capture = (message: unknown): string | undefined => {
      client.captureMessage(message as string);
      return event().logentry?.message;
    };
    expect(capture(new TypeError('an error'))).toBe('TypeError: an error');
    expect(capture({ code: 7 })).toBe('{"code":7}');
    expect(capture(undefined)).toBe('undefined');
    expect(capture(12n)).toBe('12');
  });
});

class JobFailed implements EventType {
  constructor(readonly client: RavenClient) {}

  capture({ job }: CaptureOptions): Partial<RavenEvent> {
    return {
      message: `job ${String(job)} failed`,
      tags: { job },
      logger: `client ${this.client.options.site}`,
    };
  }
}

describe("an event of a kind of the app's own", () => {
  it('is made by a class, which is made once and knows its client', () => {
    let made = 0;
    class Counted extends JobFailed {
      constructor(client: RavenClient) {
        super(client);
        made += 1;
      }
    }
    const { client, event } = newClient({ site: 'shop' });
    client.capture(Counted, { job: 'mail', tags: { more: 'yes' } });
    client.capture(Counted, { job: 'bill', level: 'info' });
    expect(made).toBe(1);
    expect(event()).toMatchObject({
      level: 'info',
      logger: 'client shop',
      logentry: { message: 'job bill failed' },
      tags: { job: 'bill', site: 'shop' },
    });
  });

  it('is made by a plain function or an object', () => {
    const { client, event } = newClient();
    client.capture(({ n }) => ({ message: `function ${String(n)}` }), { n: 1 });
    expect(event().logentry).toEqual({ message: 'function 1' });
    client.capture({ capture: ({ n }) => ({ message: `object ${String(n)}` }) }, { n: 2 });
    expect(event().logentry).toEqual({ message: 'object 2' });
  });

  it('leaves alone what data or context have already', () => {
    const { client, event } = newClient();
    client.context.merge({ logger: 'context' });
    client.capture(() => ({ message: 'type', logger: 'type' }), { data: { message: 'data' } });
    expect(event()).toMatchObject({ logger: 'context', logentry: { message: 'data' } });
  });

  it('comes from the container where its class is a provider', async () => {
    @Injectable()
    class Prices {
      readonly currency = 'EUR';
    }
    @Injectable()
    class PaymentFailed implements EventType {
      constructor(private readonly prices: Prices) {}

      capture(): Partial<RavenEvent> {
        return { message: `payment in ${this.prices.currency} failed` };
      }
    }
    const transport = new RecordingTransport();
    @Module({
      imports: [
        RavenModule.forRoot({
          dsn: 'http://public@localhost/1',
          transport,
          installProcessHandlers: false,
          includeVersions: false,
        }),
      ],
      providers: [Prices, PaymentFailed],
    })
    class AppModule {}
    const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await app.init();
    app.get(RavenClient).capture(PaymentFailed);
    expect(transport.events.map(({ logentry }) => logentry?.message)).toEqual(['payment in EUR failed']);
    await app.close();
  });

  it.each([
    ['a name that is none', 'raven.events.Nope', 'there is no event type "raven.events.Nope"'],
    [
      'a function that throws',
      () => {
        throw new Error('no event');
      },
      'no event',
    ],
    [
      'a class that cannot be made',
      class {
        constructor() {
          throw new Error('not made');
        }
        capture(): Partial<RavenEvent> {
          return {};
        }
      },
      'not made',
    ],
    ['null', null, 'TypeError'],
    ['a number', 7, 'TypeError'],
  ])('that is %s is no event, and the log says why', (_, type, reason) => {
    const { client, transport, lines } = newClient();
    expect(client.capture(type as EventTypeOption)).toBeNull();
    expect(transport.events).toEqual([]);
    expect(lines).toEqual([expect.stringContaining(reason)]);
    expect(client.captureMessage('the next one arrives')).not.toBeNull();
  });
});
