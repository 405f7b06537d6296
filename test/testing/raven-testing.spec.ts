import { Controller, Get, Injectable, Module, Param, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaptureErrors, InjectRaven, RavenClient, RavenModule, Tag, type RavenOptions } from 'nestjs-raven';
import { RavenTesting, RavenTestingModule, ravenMatchers } from 'nestjs-raven/testing';
import { startReceiver, type Receiver } from '../support/receiver';
import { get } from '../support/test-app';

expect.extend(ravenMatchers);

class BankTimeout extends Error {}

@Injectable()
class Bank {
  charge(_cents: number): Promise<void> {
    return Promise.reject(new BankTimeout('no answer'));
  }
}

@Injectable()
class Orders {
  constructor(private readonly bank: Bank) {}

  @CaptureErrors(BankTimeout)
  @Tag('bank', 'acme')
  pay(cents: number): Promise<void> {
    return this.bank.charge(cents);
  }
}

@Tag('area', 'orders')
@Controller('orders')
class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get('payment')
  pay(): Promise<void> {
    return this.orders.pay(100);
  }

  @Get(':id')
  find(@Param('id') @Tag('order.id') id: string): never {
    throw new RangeError(`there is no order ${id}`);
  }
}

@Module({ controllers: [OrdersController], providers: [Orders, Bank] })
class OrdersModule {}

let app: INestApplication | undefined;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  expect(receiver.requests).toEqual([]);
  await receiver.close();
});

/** An app as people write it, which would send to a real server. */
function appModule(options: RavenOptions = {}): Type {
  @Module({ imports: [RavenModule.forRoot({ dsn: receiver.dsn(), ...options }), OrdersModule] })
  class AppModule {}
  return AppModule;
}

async function start(root: Type, bank?: Partial<Bank>): Promise<RavenTesting> {
  const builder = Test.createTestingModule({ imports: [root, RavenTestingModule] });
  if (bank) builder.overrideProvider(Bank).useValue(bank);
  app = (await builder.compile()).createNestApplication();
  await app.listen(0, '127.0.0.1');
  return app.get(RavenTesting);
}

describe('RavenTestingModule beside an app', () => {
  it('has what a request reported by the time its answer is there, and sends nothing', async () => {
    const raven = await start(appModule());
    const response = await get(app!, '/orders/17');
    expect(response.status).toBe(500);
    expect(raven).toHaveReported({
      type: RangeError,
      message: 'there is no order 17',
      transaction: 'GET /orders/:id',
      tags: { area: 'orders', 'order.id': 17 },
    });
    expect(raven.events).toHaveLength(1);
    expect(raven.last().event_id).toBe(response.headers.get('x-sentry-id'));
    // The lines around the throw are there, too.
    expect(raven.last().exception?.values[0].stacktrace?.frames.at(-1)?.context_line).toContain('no order');
  });

  it('records what processors and beforeSend leave of it', async () => {
    const raven = await start(
      appModule({
        tags: { password: 'hunter2' },
        beforeSend: (event) => ({ ...event, extra: { ...event.extra, seen: true } }),
      }),
    );
    await get(app!, '/orders/payment?token=s3cret');
    expect(raven).toHaveReported({ extra: { seen: true }, tags: { password: '********' } });
    expect(JSON.stringify(raven.envelopes)).not.toMatch(/hunter2|s3cret/);
  });

  it('is of use with overridden providers', async () => {
    const raven = await start(appModule(), { charge: () => Promise.resolve() });
    expect((await get(app!, '/orders/payment')).status).toBe(200);
    expect(raven).not.toHaveReported();
    expect(raven.events).toEqual([]);
  });

  it('records an app that makes its options late, whatever those say of delivery', async () => {
    @Module({
      imports: [
        RavenModule.forRootAsync({
          useFactory: () =>
            Promise.resolve({
              enabled: false,
              spool: { directory: '/nowhere/at/all' },
              spotlight: receiver.url,
              captureLocals: 'all',
              sampleRate: 0.01,
            } satisfies RavenOptions),
        }),
        OrdersModule,
      ],
    })
    class AppModule {}
    const raven = await start(AppModule);
    await get(app!, '/orders/payment');
    expect(raven).toHaveReported({ type: 'BankTimeout' });
  });

  it('tells several clients apart', async () => {
    @Injectable()
    class Invoices {
      constructor(@InjectRaven('billing') readonly raven: RavenClient) {}
    }
    @Module({
      imports: [appModule(), RavenModule.forRoot({ name: 'billing', dsn: receiver.dsn() })],
      providers: [Invoices],
    })
    class AppModule {}
    const raven = await start(AppModule);
    app!.get(Invoices).raven.captureMessage('an invoice');
    app!.get(RavenClient).captureMessage('an order');
    expect(raven.eventsOf('billing').map(({ logentry }) => logentry?.message)).toEqual(['an invoice']);
    expect(raven.eventsOf().map(({ logentry }) => logentry?.message)).toEqual(['an order']);
    expect(raven).toHaveReported({ message: 'an invoice', client: 'billing' });
    expect(raven).not.toHaveReported({ message: 'an invoice', client: null });
  });

  it('works in apps that NestFactory makes', async () => {
    @Module({ imports: [appModule(), RavenTestingModule] })
    class Root {}
    app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    await get(app, '/orders/payment');
    expect(app.get(RavenTesting)).toHaveReported({ type: BankTimeout });
  });

  it('adds no handler to the process and leaves nothing in it', async () => {
    const counts = (): number[] =>
      ['uncaughtException', 'unhandledRejection', 'beforeExit', 'exit'].map((name) =>
        process.listenerCount(name),
      );
    const before = counts();
    const log = console.log;
    await start(appModule({ captureLocals: 'all' }));
    expect(counts()).toEqual(before);
    await app!.close();
    expect(console.log).toBe(log);
  });

  it('refuses what the app’s own options have wrong', async () => {
    await expect(start(appModule({ sampleRate: 7 }))).rejects.toThrow('the option "sampleRate" is 7');
  });

  it('says so where the app has no RavenModule', async () => {
    await expect(start(OrdersModule)).rejects.toThrow(
      'RavenTestingModule: the app has no RavenModule whose reports could be recorded; expected RavenTestingModule.forRoot() in its place',
    );
  });

  it('does not mix the reports of two apps', async () => {
    const first = await start(appModule());
    const other = await Test.createTestingModule({ imports: [appModule(), RavenTestingModule] }).compile();
    const second = other.get(RavenTesting);
    await get(app!, '/orders/payment');
    other.get(RavenClient).captureMessage('elsewhere');
    await other.close();
    expect(first).toHaveReported({ type: BankTimeout });
    expect(first.events).toHaveLength(1);
    expect(second.events.map(({ logentry }) => logentry?.message)).toEqual(['elsewhere']);
  });
});

describe('RavenTestingModule.forRoot', () => {
  it('takes the place of RavenModule in the tests of a part', async () => {
    const module = await Test.createTestingModule({
      imports: [RavenTestingModule.forRoot({ tags: { service: 'shop' } }), OrdersModule],
    }).compile();
    await expect(module.get(Orders).pay(1)).rejects.toThrow(BankTimeout);
    expect(module.get(RavenTesting)).toHaveReported({
      type: BankTimeout,
      tags: { bank: 'acme', service: 'shop' },
    });
    await module.close();
  });

  it('needs nothing of the environment', async () => {
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('SENTRY_SPOTLIGHT', receiver.url);
    const module = await Test.createTestingModule({ imports: [RavenTestingModule.forRoot()] }).compile();
    module.get(RavenClient).captureMessage('hello');
    await module.close();
    vi.unstubAllEnvs();
    expect(module.get(RavenTesting)).toHaveReported({ message: 'hello' });
  });

  it('is made anew for each app, where one definition is shared', async () => {
    const definition = RavenTestingModule.forRoot();
    const modules = await Promise.all(
      [1, 2].map(() => Test.createTestingModule({ imports: [definition] }).compile()),
    );
    modules[0].get(RavenClient).captureMessage('the first');
    expect(modules.map((module) => module.get(RavenTesting).events.length)).toEqual([1, 0]);
    await Promise.all(modules.map((module) => module.close()));
  });

  it('is refused beside an app that has a RavenModule', async () => {
    const module = await Test.createTestingModule({
      imports: [appModule(), RavenTestingModule.forRoot()],
    }).compile();
    await expect(module.init()).rejects.toThrow(
      'RavenTestingModule.forRoot: the app has a RavenModule of its own; expected RavenTestingModule without forRoot',
    );
  });
});

describe('useMocker', () => {
  it('mocks what is missing, and leaves the clients alone', async () => {
    const module = await Test.createTestingModule({
      imports: [RavenModule.forRoot({ dsn: receiver.dsn(), installProcessHandlers: false })],
      providers: [Orders],
    })
      .useMocker(() => ({ charge: () => Promise.resolve() }))
      .compile();
    expect(module.get(RavenClient)).toBeInstanceOf(RavenClient);
    await module.get(Orders).pay(1);
    await module.close();
  });
});
