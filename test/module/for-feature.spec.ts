import { Controller, Get, Injectable, Module, UseGuards, type CanActivate, type Type } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureErrors, Level, RavenClient, RavenModule, Tag, getRavenToken } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startModule, testOptions } from '../support/test-app';

/** Is provided in its own feature, and fails for whoever calls it. */
@Injectable()
class LedgerService {
  async book(): Promise<void> {
    await Promise.resolve();
    throw new Error('ledger');
  }

  @CaptureErrors()
  note(): void {
    throw new Error('noted');
  }
}

@Module({
  imports: [
    RavenModule.forFeature({
      tags: { team: 'ledger', floor: 'second' },
      extra: { pager: 17 },
      level: 'fatal',
      client: 'ledger',
    }),
  ],
  providers: [LedgerService],
  exports: [LedgerService],
})
class LedgerModule {}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

@Injectable()
class OrdersService {
  fail(): void {
    throw new Error('service');
  }
}

@Controller('orders')
class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly ledger: LedgerService,
  ) {}
  @Get('own')
  own(): void {
    throw new Error('own');
  }
  @Get('service')
  service(): void {
    this.orders.fail();
  }
  @Get('guard')
  @UseGuards(FailingGuard)
  guard(): void {}
  @Get('decorated')
  @Tag('team', 'by decorator')
  @Level('info')
  decorated(): void {
    throw new Error('decorated');
  }
  @Get('ledger')
  bookInLedger(): Promise<void> {
    return this.ledger.book();
  }
  @Get('noted')
  noted(): void {
    try {
      this.ledger.note();
    } catch {
      // It was reported.
    }
  }
}

@Module({
  imports: [
    LedgerModule,
    RavenModule.forFeature({ tags: { team: 'orders', shop: 'north' }, extra: { desk: 4 }, level: 'warning' }),
  ],
  controllers: [OrdersController],
  providers: [OrdersService],
})
class OrdersModule {}

@Controller('plain')
class PlainController {
  @Get()
  fail(): void {
    throw new Error('plain');
  }
}

/** A class of its own, each time with the same name. */
function ledgerNamed(): Type<{ fail(): void }> {
  @Injectable()
  class Service {
    fail(): void {
      throw new Error('service');
    }
  }
  return Service;
}

describe.each(PLATFORMS)('errors of feature modules on %s', (platform) => {
  let receiver: Receiver;
  let ledger: Receiver;
  beforeEach(async () => {
    [receiver, ledger] = await Promise.all([startReceiver(), startReceiver()]);
  });
  afterEach(() => Promise.all([receiver.close(), ledger.close()]));

  const ask = (...paths: string[]): Promise<void> => askOf([OrdersModule], ...paths);

  async function askOf(modules: Type[], ...paths: string[]): Promise<void> {
    @Module({
      imports: [
        ...modules,
        RavenModule.forRoot(testOptions(receiver)),
        RavenModule.forRoot({ ...testOptions(ledger), name: 'ledger' }),
      ],
      controllers: [PlainController],
    })
    class Root {}
    const app = await startModule(Root, platform);
    for (const path of paths) await get(app, path);
    await app.close();
  }

  it('carry what their module says: of controllers, providers and guards', async () => {
    await ask('/orders/own', '/orders/service', '/orders/guard');
    expect(receiver.events.map(errorOf).toSorted()).toEqual(['guard', 'own', 'service']);
    for (const event of receiver.events) {
      expect(event).toMatchObject({
        tags: { team: 'orders', shop: 'north' },
        extra: { desk: 4 },
        level: 'warning',
      });
    }
  });

  it('of a class that another module has one of the same name as are not taken for its own', async () => {
    const [ours, theirs] = [ledgerNamed(), ledgerNamed()];
    @Controller('ours')
    class OursController {
      @Get()
      fail(): void {
        new ours().fail();
      }
    }
    @Controller('theirs')
    class TheirsController {
      @Get()
      fail(): void {
        new theirs().fail();
      }
    }
    @Module({
      imports: [RavenModule.forFeature({ client: 'ledger' })],
      controllers: [OursController],
      providers: [ours],
    })
    class OursModule {}
    @Module({ controllers: [TheirsController], providers: [theirs] })
    class TheirsModule {}
    await askOf([TheirsModule, OursModule], '/ours', '/theirs');
    await askOf([OursModule, TheirsModule], '/ours', '/theirs');
    expect(receiver.events.map((event) => event.transaction)).toEqual(['GET /theirs', 'GET /theirs']);
    expect(ledger.events.map((event) => event.transaction)).toEqual(['GET /ours', 'GET /ours']);
  });

  it('are told by their classes alone: neither by those of the language nor by what only has another name elsewhere', async () => {
    @Controller('list')
    class ListController {
      @Get()
      fail(): void {
        [1].map(() => {
          throw new Error('list');
        });
      }
    }
    @Module({
      imports: [RavenModule.forFeature({ client: 'ledger' })],
      providers: [{ provide: 'LIST', useValue: [] }],
    })
    class ListsModule {}
    @Module({
      imports: [LedgerModule],
      providers: [{ provide: 'BOOKS', useExisting: LedgerService }],
      controllers: [ListController],
    })
    class AliasModule {}
    await askOf([ListsModule, AliasModule, OrdersModule], '/list', '/orders/ledger');
    expect(receiver.events.map(errorOf)).toEqual(['list']);
    expect(ledger.events.map(errorOf)).toEqual(['ledger']);
  });

  it('of other modules do not', async () => {
    await ask('/plain');
    expect(receiver.events[0]).toMatchObject({ tags: {}, level: 'error' });
    expect(receiver.events[0].extra).not.toHaveProperty('desk');
  });

  it('a decorator says it better', async () => {
    await ask('/orders/decorated');
    expect(receiver.events[0]).toMatchObject({
      tags: { team: 'by decorator', shop: 'north' },
      level: 'info',
    });
  });

  it('go to the client of the nearest module, with its tags over those of the module around it', async () => {
    await ask('/orders/ledger');
    expect(receiver.events).toEqual([]);
    expect(ledger.events.map(errorOf)).toEqual(['ledger']);
    expect(ledger.events[0]).toMatchObject({
      tags: { team: 'ledger', floor: 'second', shop: 'north' },
      extra: { pager: 17, desk: 4 },
      level: 'fatal',
      transaction: 'GET /orders/ledger',
    });
  });

  it('also where @CaptureErrors reports them', async () => {
    await ask('/orders/noted');
    expect(receiver.events).toEqual([]);
    expect(ledger.events.map(errorOf)).toEqual(['noted']);
    expect(ledger.events[0].tags).toMatchObject({ team: 'ledger' });
  });
});

describe('RavenModule.forFeature', () => {
  it('refuses what cannot be meant', () => {
    expect(() => RavenModule.forFeature({ tag: {} } as never)).toThrow(
      /unknown option "tag"; known are tags, extra, level, client/,
    );
    expect(() => RavenModule.forFeature({ tags: ['a'] as never })).toThrow(
      /"tags" is a list; expected an object/,
    );
    expect(() => RavenModule.forFeature({ level: 'bad' as never })).toThrow(
      /"level" is "bad"; expected one of fatal/,
    );
  });

  it('stops the app where it names a client that there is not', async () => {
    const receiver = await startReceiver();
    @Module({ imports: [RavenModule.forRoot(testOptions(receiver)), LedgerModule] })
    class Root {}
    await expect(startModule(Root)).rejects.toThrow(/there is no client "ledger"; expected the name of one/);
    await receiver.close();
  });

  it('does nothing where nothing fails', async () => {
    const receiver = await startReceiver();
    @Module({
      imports: [RavenModule.forRoot({ ...testOptions(receiver), name: 'ledger' }), LedgerModule],
    })
    class Root {}
    const app = await startModule(Root);
    app.get<RavenClient>(getRavenToken('ledger')).captureMessage('m');
    await app.close();
    expect(receiver.events[0].tags).toEqual({});
    await receiver.close();
  });
});
