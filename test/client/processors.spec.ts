import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import {
  HttpTransport,
  InvalidOptionsError,
  RavenClient,
  RavenModule,
  RecordingTransport,
  SanitizePasswordsProcessor,
  type Processor,
  type ProcessorOption,
  type RavenEvent,
} from 'nestjs-raven';
import { newClient } from './support/new-client';

/** Puts a tag into the event that tells in which order processors ran. */
function mark(name: string): (event: RavenEvent) => void {
  return (event) => {
    event.tags.order = ((event.tags.order as string | undefined) ?? '') + name;
  };
}

class Marking implements Processor {
  constructor(readonly client: RavenClient) {}

  process(event: RavenEvent): RavenEvent {
    return { ...event, extra: { site: this.client.options.site } };
  }
}

describe('processors', () => {
  it('see every event in order, and may change it or give back another', () => {
    const { client, event } = newClient({
      processors: [mark('a'), { process: mark('b') }, (given) => ({ ...given, logger: 'own' }), mark('c')],
    });
    client.captureMessage('m');
    expect(event()).toMatchObject({ logger: 'own', tags: { order: 'abc' } });
  });

  it('are made of classes with the client, once', () => {
    let made = 0;
    class Counted extends Marking {
      constructor(client: RavenClient) {
        super(client);
        made += 1;
      }
    }
    const { client, event } = newClient({ site: 'shop', processors: [Counted] });
    client.captureMessage('m');
    client.captureMessage('m');
    expect(made).toBe(1);
    expect(event().extra).toEqual({ site: 'shop' });
  });

  it.each<[ProcessorOption]>([
    ['raven.processors.SanitizePasswordsProcessor'],
    ['SanitizePasswordsProcessor'],
    [SanitizePasswordsProcessor],
  ])('may be given as %s', (processor) => {
    const { client, event } = newClient({ processors: [processor] });
    client.captureMessage('m', { extra: { password: 'p' } });
    expect(event().extra).toEqual({ password: '********' });
  });

  it("know raven's names for all of raven's processors", () => {
    const { client, event } = newClient({
      sanitizeKeys: ['iban'],
      processors: [
        'raven.processors.SanitizeKeysProcessor',
        'raven.processors.RemovePostDataProcessor',
        'raven.processors.RemoveStackLocalsProcessor',
      ],
    });
    client.captureMessage('m', {
      extra: { iban: 'DE00' },
      data: { request: { url: 'http://x/', data: 'body' } },
    });
    expect(event().extra).toEqual({ iban: '********' });
    expect(event().request).toEqual({ url: 'http://x/' });
  });

  it('replace the default one, and none at all masks nothing', () => {
    const { client, event } = newClient({ processors: [] });
    client.captureMessage('m', { extra: { password: 'p' } });
    expect(event().extra).toEqual({ password: 'p' });
  });

  it('see a tag whole, which is cut after that: a secret that is cut shows less of what it is', () => {
    const { client, event } = newClient();
    const url = `${'x'.repeat(170)} https://anna:q7Zk${'y'.repeat(40)}@host`;
    client.captureMessage('m', { tags: { url, long: 'z'.repeat(300) } });
    expect(event().tags?.url).toBe(`${'x'.repeat(170)} https://********@host`);
    expect(event().tags?.long).toHaveLength(200);
  });

  it('see plain data, and cannot change what the app keeps', () => {
    const order = { items: new Map([['a', 1]]), self: null as unknown };
    order.self = order;
    let seen: unknown;
    const { client } = newClient({
      processors: [
        (event) => {
          seen = structuredClone(event.extra.order);
          (event.extra.order as Record<string, unknown>).items = 'changed';
        },
      ],
    });
    client.captureMessage('m', { extra: { order } });
    expect(seen).toEqual({ items: { a: 1 }, self: '<...>' });
    expect(order.items).toEqual(new Map([['a', 1]]));
  });

  it('may put anything into the event without losing it', () => {
    const { client, event } = newClient({
      processors: [
        (given) => {
          given.tags.big = 12n;
          given.extra.date = new Date(0);
          given.user = null as never;
          given.logentry = null as never;
          given.fingerprint = [Symbol('s') as never];
          given.message = { code: 1n } as never;
        },
      ],
    });
    client.captureMessage('m', { data: { user: { id: 1 } } });
    expect(event()).toMatchObject({
      tags: { big: '12' },
      extra: { date: '1970-01-01T00:00:00.000Z' },
      fingerprint: ['Symbol(s)'],
    });
    expect(event()).not.toHaveProperty('user');
    expect(() => JSON.stringify(event())).not.toThrow();
  });
});

describe('a processor that fails', () => {
  it.each<[string, ProcessorOption, string]>([
    [
      'by throwing',
      () => {
        throw new Error('half done');
      },
      'Error: half done',
    ],
    [
      'when it is made',
      class {
        constructor() {
          throw new Error('not made');
        }
        process(): void {}
      },
      'Error: not made',
    ],
    ['by being asynchronous', (async () => Promise.reject(new Error('x'))) as never, 'it returned a promise'],
    ['by returning no event', (() => 'event') as never, 'it returned a string'],
  ])('%s loses its event: a half-done redaction must not leave the process', (_, processor, reason) => {
    const { client, transport, lines } = newClient({ processors: [processor] });
    expect(client.captureMessage('m')).toBeNull();
    expect(client.lastEventId).toBeNull();
    expect(transport.envelopes).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error: a processor failed, its event is dropped: /);
    expect(lines[0]).toContain(reason);
  });

  it('is counted where the transport counts what it loses', () => {
    const counts: HttpTransport['discards'][] = [];
    class Counting extends HttpTransport {
      constructor(options: ConstructorParameters<typeof HttpTransport>[0]) {
        super(options);
        counts.push(this.discards);
      }
    }
    const { client } = newClient({
      transport: Counting,
      ignoreExceptions: [TypeError],
      beforeSend: () => null,
      processors: [
        (event) => {
          if (event.message === 'broken') throw new Error('processor');
        },
      ],
    });
    client.captureMessage('broken');
    client.captureException(new TypeError('ignored'));
    client.captureMessage('dropped');
    client.captureMessage('sampled', { sampleRate: 0 });
    expect(counts[0].take()?.discarded_events).toEqual([
      { reason: 'event_processor', category: 'error', quantity: 2 },
      { reason: 'before_send', category: 'error', quantity: 1 },
      { reason: 'sample_rate', category: 'error', quantity: 1 },
    ]);
  });
});

describe('processors in an app', () => {
  const options = {
    dsn: 'http://public@localhost/1',
    installProcessHandlers: false,
    includeVersions: false,
  };

  it('come from the container with what they inject, where they are providers', async () => {
    @Injectable()
    class Tenants {
      readonly current = 'acme';
    }
    @Injectable()
    class TenantProcessor implements Processor {
      constructor(private readonly tenants: Tenants) {}

      process(event: RavenEvent): void {
        event.tags.tenant = this.tenants.current;
      }
    }
    const transport = new RecordingTransport();
    @Module({
      imports: [RavenModule.forRoot({ ...options, transport, processors: [TenantProcessor, Marking] })],
      providers: [Tenants, TenantProcessor],
    })
    class AppModule {}
    const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await app.init();
    app.get(RavenClient).captureMessage('m');
    expect(transport.events[0].tags).toEqual({ tenant: 'acme' });
    await app.close();
  });

  it('that cannot be made stop it at start-up', async () => {
    class Broken {
      constructor() {
        throw new Error('no key file');
      }
      process(): void {}
    }
    @Module({ imports: [RavenModule.forRoot({ ...options, processors: [Broken] })] })
    class AppModule {}
    const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await expect(app.init()).rejects.toThrow('no key file');
    await app.get(RavenClient).close(0);
  });

  it.each(['raven.processors.Nope', 'constructor', ''])('are refused by the name "%s"', (name) => {
    expect(() => newClient({ processors: [name] })).toThrow(InvalidOptionsError);
  });
});
