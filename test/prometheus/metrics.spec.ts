import { Controller, Get, Inject, Injectable, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Counter, register, Registry, type OpenMetricsContentType } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getRavenToken, RavenClient, RavenModule, type RavenOptions } from 'nestjs-raven';
import { RavenMetricsModule, type RavenMetricsOptions } from 'nestjs-raven/prometheus';
import { startReceiver, type Receiver } from '../support/receiver';
import { get, startApp, testOptions } from '../support/test-app';

/** What of an app says where its metrics are. */
const REGISTRY = Symbol('registry');

@Controller('metrics')
class MetricsController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @Get()
  scrape(): Promise<string> {
    return this.registry.metrics();
  }
}

let receiver: Receiver;
const apps: INestApplication[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await receiver.close();
});

/** An app that is scraped at `/metrics`. */
async function start(
  registry: Registry,
  options: RavenOptions = {},
  metrics: RavenMetricsOptions = { registry },
  imports: Parameters<typeof startApp>[1]['imports'] = [],
): Promise<INestApplication> {
  const parts = {
    imports: [RavenMetricsModule.forRoot(metrics), ...imports],
    controllers: [MetricsController],
    providers: [{ provide: REGISTRY, useValue: registry }],
  };
  const app = await startApp(receiver, parts, { shutdownTimeoutMs: 100, ...options });
  apps.push(app);
  return app;
}

/** The samples of a scrape over HTTP, by name and labels as Prometheus reads them. */
async function scrape(app: INestApplication): Promise<Map<string, number>> {
  return samples(await (await get(app, '/metrics')).text());
}

function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

function sum(scraped: Map<string, number>, start: string): number {
  return [...scraped]
    .filter(([name]) => name.startsWith(start))
    .reduce((total, [, value]) => total + value, 0);
}

async function loseServer(client: RavenClient): Promise<void> {
  await receiver.close();
  const offline = new Promise((resolve) => client.on('offline', resolve));
  client.captureMessage('into the void');
  await offline;
}

describe('a scrape', () => {
  it('tells where the events of a client went', async () => {
    const app = await start(new Registry(), { ignoreExceptions: [RangeError] });
    const client = app.get(RavenClient);
    client.captureMessage('arrives');
    client.captureException(new RangeError('not wanted'));
    await client.flush(10_000);
    const scraped = await scrape(app);
    expect(Object.fromEntries(scraped)).toMatchObject({
      'nestjs_raven_events_captured_total{client="default"}': 2,
      'nestjs_raven_events_sent_total{client="default"}': 1,
      'nestjs_raven_events_dropped_total{client="default",reason="event_processor"}': 1,
      'nestjs_raven_events_dropped_total{client="default",reason="queue_overflow"}': 0,
      'nestjs_raven_events_pending{client="default"}': 0,
      'nestjs_raven_delivery_state{client="default",state="online"}': 1,
      'nestjs_raven_delivery_state{client="default",state="offline"}': 0,
    });
  });

  it('adds up at any moment, also while the server is away', async () => {
    const app = await start(new Registry(), { sampleRate: 0.5 });
    const client = app.get(RavenClient);
    for (let n = 0; n < 20; n++) client.captureMessage(`event ${n}`);
    const scrapes = [await scrape(app)];
    await loseServer(client);
    for (let n = 0; n < 20; n++) client.captureMessage(`event ${n}`);
    scrapes.push(await scrape(app));
    for (const scraped of scrapes) {
      const of = (name: string): number => sum(scraped, `nestjs_raven_events_${name}{`);
      expect(of('captured_total')).toBeGreaterThanOrEqual(20);
      expect(of('captured_total')).toBe(
        of('sent_total') + of('dropped_total') + of('pending') + of('spooled'),
      );
    }
    const away = scrapes[1];
    expect(away.get('nestjs_raven_delivery_state{client="default",state="offline"}')).toBe(1);
    expect(sum(away, 'nestjs_raven_delivery_state')).toBe(1);
    expect(sum(away, 'nestjs_raven_delivery_retries_total')).toBeGreaterThan(0);
    expect(sum(away, 'nestjs_raven_queue_bytes')).toBeGreaterThan(100);
  });

  it('tells of each client by its name', async () => {
    const billing = RavenModule.forRoot(testOptions(receiver, { name: 'billing' }));
    const app = await start(new Registry(), {}, undefined, [billing]);
    app.get<RavenClient>(getRavenToken('billing')).captureMessage('an invoice');
    const scraped = await scrape(app);
    expect(scraped.get('nestjs_raven_events_captured_total{client="billing"}')).toBe(1);
    expect(scraped.get('nestjs_raven_events_captured_total{client="default"}')).toBe(0);
  });

  it('tells of a client without a DSN that it is disabled', async () => {
    const app = await start(new Registry(), { dsn: '' });
    const scraped = await scrape(app);
    expect(scraped.get('nestjs_raven_delivery_state{client="default",state="disabled"}')).toBe(1);
    expect(scraped.get('nestjs_raven_delivery_state{client="default",state="online"}')).toBe(0);
  });

  it('says of each metric what it is', async () => {
    const registry = new Registry();
    await start(registry);
    const text = await registry.metrics();
    const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
    expect(types).toHaveLength(10);
    for (const [name, type] of types) {
      expect([name, type]).toEqual([name, name.endsWith('_total') ? 'counter' : 'gauge']);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    }
  });

  it('can be in the format of OpenMetrics', async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    await start(new Registry(), {}, { registry });
    expect(await registry.metrics()).toContain('nestjs_raven_events_captured_total{client="default"} 0');
  });
});

describe('the metrics', () => {
  it('are in the registry that is everybody’s unless there is another, and leave it with the app', async () => {
    const app = await start(register, {}, {});
    expect(sum(await scrape(app), 'nestjs_raven_delivery_state')).toBe(1);
    await app.close();
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('have the names that the app wants', async () => {
    const registry = new Registry();
    const app = await start(registry, {}, { registry, prefix: 'shop_errors_' });
    expect((await scrape(app)).get('shop_errors_events_pending{client="default"}')).toBe(0);
  });

  it('of two apps are apart where their registries are', async () => {
    const one = await start(new Registry());
    const other = await start(new Registry());
    one.get(RavenClient).captureMessage('of one');
    expect(sum(await scrape(one), 'nestjs_raven_events_captured_total')).toBe(1);
    expect(sum(await scrape(other), 'nestjs_raven_events_captured_total')).toBe(0);
  });

  it('of two apps that share a registry are added up, until one of them ends', async () => {
    const registry = new Registry();
    const one = await start(registry);
    const other = await start(registry);
    one.get(RavenClient).captureMessage('of one');
    other.get(RavenClient).captureMessage('of the other');
    other.get(RavenClient).captureMessage('once more');
    expect(sum(await scrape(one), 'nestjs_raven_events_captured_total')).toBe(3);
    await one.close();
    expect(sum(await scrape(other), 'nestjs_raven_events_captured_total')).toBe(2);
    await other.close();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  it('of the app are none where there is no RavenModule', async () => {
    const registry = new Registry();
    @Module({ imports: [RavenMetricsModule.forRoot({ registry })] })
    class Root {}
    const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.init();
    apps.push(app);
    expect(samples(await registry.metrics()).size).toBe(0);
  });

  it('can be told of their registry by a provider', async () => {
    @Injectable()
    class Metrics {
      readonly registry = new Registry();
    }
    @Module({ providers: [Metrics], exports: [Metrics] })
    class RegistryModule {}
    const metrics = RavenMetricsModule.forRootAsync({
      imports: [RegistryModule],
      inject: [Metrics],
      useFactory: ({ registry }: Metrics) => ({ registry }),
    });
    const app = await startApp(receiver, { imports: [metrics] });
    apps.push(app);
    expect(await app.get(Metrics, { strict: false }).registry.metrics()).toContain(
      'nestjs_raven_events_pending',
    );
  });

  it('take no name that is taken, and leave the registry as it was', async () => {
    const registry = new Registry();
    const taken = new Counter({
      name: 'nestjs_raven_events_sent_total',
      help: 'of somebody else',
      registers: [registry],
    });
    await expect(start(registry)).rejects.toThrow(
      'RavenMetricsModule: the registry has a metric "nestjs_raven_events_sent_total" already; expected another "prefix" or "registry"',
    );
    expect(registry.getMetricsAsArray()).toHaveLength(1);
    expect(registry.getSingleMetric('nestjs_raven_events_sent_total')).toBe(taken);
  });

  it.each<[string, unknown, RegExp]>([
    ['a registry', { registry: {} }, /"registry" is an object; expected a Registry of prom-client/],
    ['a prefix', { prefix: 'shop-errors' }, /"prefix" is "shop-errors"; expected letters, digits/],
    ['an option', { prefixes: 'x' }, /unknown option "prefixes"; known are prefix, registry/],
  ])('are refused %s that cannot be', async (_, options, message) => {
    await expect(start(new Registry(), {}, options as RavenMetricsOptions)).rejects.toThrow(message);
  });
});
