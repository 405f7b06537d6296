import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Controller,
  Get,
  Inject,
  Module,
  NotFoundException,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_OPTIONS, RavenClient } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, startModule } from '../support/test-app';
import { faultsOf, importExample, removeExamples, writeExamples } from './examples';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('the examples of the README', () => {
  let paths: string[];
  let receiver: Receiver;
  let app: INestApplication | undefined;
  beforeAll(() => {
    paths = writeExamples();
  });
  afterAll(() => removeExamples());
  beforeEach(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    // The examples' modules read the environment as they are loaded.
    vi.resetModules();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    vi.unstubAllEnvs();
    await receiver.close();
  });

  it('compile as they stand', () => {
    expect(faultsOf(paths)).toEqual([]);
  }, 120_000);

  /** Starts the README's AppModule with its controller and service. */
  async function startExample(): Promise<INestApplication> {
    const { AppModule } = await importExample<{ AppModule: Type }>('app.module.ts');
    const { OrdersController } = await importExample<{ OrdersController: Type }>('orders.controller.ts');
    const { OrdersService } = await importExample<{ OrdersService: Type }>('orders.service.ts');
    @Module({ imports: [AppModule], controllers: [OrdersController], providers: [OrdersService] })
    class Root {}
    return (app = await startModule(Root));
  }

  it('report what they say, with tags, user and breadcrumbs', async () => {
    const running = await startExample();
    const response = await get(running, '/orders/0', { headers: { 'x-tenant': 'acme' } });
    expect(response.status).toBe(500);
    const [event] = await receiver.waitForEvents(1);
    expect(response.headers.get('x-sentry-id')).toBe(event.event_id);
    expect(errorOf(event)).toBe('there is no order zero');
    expect(event).toMatchObject({
      level: 'warning',
      transaction: 'GET /orders/:id',
      tags: { area: 'orders', team: 'shop', tenant: 'acme', 'order.id': '0' },
      extra: { order: 0 },
      user: { id: '17' },
      fingerprint: ['{{ default }}', 'orders'],
    });
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([
      'GET /orders/0',
      'look for order 0',
    ]);
  });

  it('report what @CaptureErrors stands on though it is handled, and nothing that is ignored', async () => {
    const running = await startExample();
    expect(await (await get(running, '/orders/17/charge')).text()).toBe('later');
    expect((await get(running, '/orders/1/stock')).status).toBe(500);
    const events = await receiver.waitForEvents(2);
    await running.close();
    app = undefined;
    expect(events).toHaveLength(2);
    const error = events.find((event) => event.exception);
    expect(error?.exception.values.at(-1)).toMatchObject({ type: 'BankTimeout' });
    expect(error?.tags).toMatchObject({ bank: 'acme' });
    expect(events.find((event) => event.logentry)).toMatchObject({
      level: 'warning',
      logentry: { message: 'charge later' },
      extra: { cents: 1700 },
    });
  });

  it('take options from a class, and have a second client', async () => {
    const billing = await startReceiver();
    vi.stubEnv('BILLING_DSN', billing.dsn());
    const { SettingsModule, Invoices } = await importExample<{
      SettingsModule: Type;
      Invoices: Type<{ raven: RavenClient }>;
    }>('settings.module.ts');
    app = await startModule(SettingsModule);
    app.get(Invoices).raven.captureMessage('an invoice');
    const lib = await import('nestjs-raven');
    app.get(lib.RavenClient).captureMessage('staging');
    await billing.waitForEvents(1);
    const [event] = await receiver.waitForEvents(1);
    expect(billing.events[0].logentry.message).toBe('an invoice');
    expect(event).toMatchObject({ environment: 'staging', logentry: { message: 'staging' } });
    await app.close();
    app = undefined;
    await billing.close();
  });

  it('say whose errors they are', async () => {
    const { AppModule } = await importExample<{ AppModule: Type }>('app.module.ts');
    const { StockModule, StockService } = await importExample<{
      StockModule: Type;
      StockService: Type<{ reserve(): never }>;
    }>('stock.module.ts');
    @Controller()
    class ReservingController {
      constructor(@Inject(StockService) private readonly stock: { reserve(): never }) {}
      @Get('reserve')
      reserve(): void {
        this.stock.reserve();
      }
    }
    @Module({ imports: [AppModule, StockModule], controllers: [ReservingController] })
    class Root {}
    app = await startModule(Root);
    expect((await get(app, '/reserve')).status).toBe(500);
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({ tags: { team: 'stock' }, level: 'warning' });
  });

  it('decide what is reported and sent', async () => {
    const { PolicyModule } = await importExample<{ PolicyModule: Type }>('policy.module.ts');
    class PrematureClose extends Error {}
    @Controller()
    class FailingController {
      @Get('invoices')
      invoices(): void {
        throw new NotFoundException('no such invoice');
      }
      @Get('orders')
      orders(): void {
        throw new NotFoundException('no such order');
      }
      @Get('ignored')
      ignored(): void {
        throw new PrematureClose();
      }
      @Get('dropped')
      dropped(): void {
        throw new RangeError();
      }
    }
    @Module({ imports: [PolicyModule], controllers: [FailingController] })
    class Root {}
    app = await startModule(Root);
    for (const path of ['/invoices', '/orders', '/ignored', '/dropped']) await get(app, path);
    await app.close();
    app = undefined;
    expect(receiver.events.map(errorOf)).toEqual(['no such invoice']);
    expect(receiver.events[0].tags).toMatchObject({ commit: 'unknown' });
  });

  it('tell health checks how delivery does', async () => {
    const billing = await startReceiver();
    vi.stubEnv('BILLING_DSN', billing.dsn());
    const { SettingsModule } = await importExample<{ SettingsModule: Type }>('settings.module.ts');
    const { HealthModule } = await importExample<{ HealthModule: Type }>('health.module.ts');
    const lib = await import('nestjs-raven');
    @Module({ imports: [SettingsModule, HealthModule] })
    class Root {}
    app = await startModule(Root);
    const client = app.get<RavenClient>(lib.getRavenToken('billing'));
    await billing.close();
    const offline = new Promise((resolve) => client.on('offline', resolve));
    client.captureMessage('an invoice');
    await offline;
    const response = await get(app, '/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      details: {
        raven: { status: 'up', state: 'online', pending: 0 },
        billing: { status: 'up', state: 'offline', pending: 1 },
      },
    });
  });

  it('report what is logged, by Nest’s logger and by pino', async () => {
    vi.stubEnv('PORT', '0');
    const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const { bootstrap } = await importExample<{ bootstrap: () => Promise<INestApplication> }>('main.ts');
    const { pinoLogger } = await importExample<{
      pinoLogger: (raven: RavenClient) => import('pino').Logger;
    }>('pino-logger.ts');
    app = await bootstrap();
    const { Logger } = await import('@nestjs/common');
    new Logger('Orders').error('not charged', new RangeError('no answer'));
    const lib = await import('nestjs-raven');
    pinoLogger(app.get(lib.RavenClient)).error(new TypeError('not paid'));
    const events = await receiver.waitForEvents(2);
    Logger.overrideLogger(false);
    written.mockRestore();
    expect(events.map(({ logger }) => logger).sort()).toEqual(['Orders', 'shop']);
    expect(events.map(errorOf).sort()).toEqual(['no answer', 'not paid']);
  });

  it('have flags, attachments and feedback', async () => {
    const { CheckoutService } = await importExample<{
      CheckoutService: new (raven: RavenClient) => {
        pay(cart: object): string | null;
        complain(message: string, eventId: string | null): void;
      };
    }>('checkout.service.ts');
    const lib = await import('nestjs-raven');
    const client = new lib.RavenClient();
    const service = new CheckoutService(client);
    const eventId = service.pay({ id: 1, cents: 0 });
    service.complain('it is empty', eventId);
    expect(await client.close()).toBe(true);
    const [event, attachment] = receiver.envelopes.find(({ items }) => items.length > 1)?.items ?? [];
    expect(event.payload).toMatchObject({
      event_id: eventId,
      contexts: { flags: { values: [{ flag: 'new-checkout', result: true }] } },
    });
    expect((attachment.payload as Buffer).toString()).toBe('{"id":1,"cents":0}');
    const feedback = receiver.envelopes
      .flatMap(({ items }) => items)
      .find(({ headers }) => headers.type === 'feedback');
    expect(feedback?.payload).toMatchObject({
      contexts: { feedback: { message: 'it is empty', associated_event_id: eventId } },
    });
  });

  it('work without Nest', async () => {
    const { main } = await importExample<{ main: () => Promise<boolean> }>('script.ts');
    expect(await main()).toBe(true);
    expect(receiver.events).toHaveLength(3);
    const thrown = (type: string) =>
      receiver.events.find(({ exception }) => exception?.values.at(-1)?.type === type);
    expect(receiver.events.find(({ logentry }) => logentry?.message === 'Imported %s rows')).toMatchObject({
      level: 'info',
      tags: { script: 'import' },
    });
    expect(thrown('Error')?.tags).toEqual({ script: 'import', table: 'orders' });
    expect(thrown('SyntaxError')?.tags).toEqual({ script: 'import' });
  });

  it('record in tests what would be sent', async () => {
    const { chargeIsReported } = await importExample<{ chargeIsReported: () => Promise<void> }>(
      'orders.test.ts',
    );
    await chargeIsReported();
    expect(receiver.events).toEqual([]);
  });
});

describe("the README's table of options", () => {
  const rows = new Map(
    [...README.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name, text]) => [name, text] as const),
  );
  const source = readFileSync(join(ROOT, 'lib/raven.options.ts'), 'utf8');
  const options = [...source.matchAll(/\/\*\* ([^*]*) \*\/\s+(\w+)\?: /g)].map(
    ([, text, name]) => [name, text.replaceAll(/\s+/g, ' ')] as const,
  );

  it.each(options)('says of %s what its docstring says', (name, text) => {
    expect(rows.get(name)).toBe(text);
  });

  it('names every option that has a default', () => {
    expect([...rows.keys()]).toEqual(expect.arrayContaining(Object.keys(DEFAULT_OPTIONS)));
    expect(options.length).toBeGreaterThan(35);
  });
});

describe('what the README names', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it.each([...README.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name))(
    'is there: npm run %s',
    (name) => {
      expect(scripts).toHaveProperty([name]);
    },
  );

  it.each([...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path))('is there: %s', (path) => {
    expect(ts.sys.fileExists(join(ROOT, path))).toBe(true);
  });
});
