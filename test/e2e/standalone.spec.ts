import { Controller, Get, Injectable, Module, Scope, type INestApplicationContext } from '@nestjs/common';
import {
  ContextIdFactory,
  LazyModuleLoader,
  ModuleRef,
  type ContextId,
  type ContextIdStrategy,
  type HostComponentInfo,
} from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureErrors, RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { startStandalone } from '../support/standalone-app';
import { get, startApp } from '../support/test-app';

let receiver: Receiver;
let app: INestApplicationContext | undefined;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await receiver.close();
});

@Injectable()
class LazyService {
  @Tag('loaded', 'lazily')
  @CaptureErrors()
  fail(): void {
    throw new Error('lazy service');
  }
}

@Module({ providers: [LazyService] })
class LazyModule {}

@Module({
  providers: [
    {
      provide: 'DATABASE',
      useFactory: (): never => {
        throw new Error('lazy factory');
      },
    },
  ],
})
class BrokenLazyModule {}

@Controller()
class LazyController {
  constructor(private readonly loader: LazyModuleLoader) {}

  @Get('fail')
  async fail(): Promise<void> {
    const module = await this.loader.load(() => LazyModule);
    module.get(LazyService).fail();
  }

  @Get('broken')
  async broken(): Promise<void> {
    await this.loader.load(() => BrokenLazyModule);
  }

  @Get('handled')
  async handled(): Promise<string> {
    return this.loader
      .load(() => BrokenLazyModule)
      .then(
        () => 'loaded',
        () => 'handled',
      );
  }
}

describe('modules that are loaded lazily', () => {
  it('fail the request they are loaded and used in, where nobody handles it', async () => {
    const http = await startApp(receiver, { controllers: [LazyController] });
    app = http;
    expect((await get(http, '/fail')).status).toBe(500);
    expect((await get(http, '/broken')).status).toBe(500);
    expect(await (await get(http, '/handled')).text()).toBe('handled');
    await http.get(RavenClient).flush();
    expect(receiver.events.map((event) => [event.transaction, errorOf(event)])).toEqual([
      ['GET /fail', 'lazy service'],
      ['GET /broken', 'lazy factory'],
    ]);
    expect(receiver.events[0].tags).toEqual({ loaded: 'lazily' });
  });

  it('are seen by @CaptureErrors in an app without requests', async () => {
    app = await startStandalone(receiver, {});
    const module = await app.get(LazyModuleLoader).load(() => LazyModule);
    expect(() => module.get(LazyService).fail()).toThrow('lazy service');
    const [event] = await receiver.waitForEvents(1);
    expect([errorOf(event), event.tags]).toEqual(['lazy service', { loaded: 'lazily' }]);
  });
});

describe('providers of request scope', () => {
  it('report in the request they are made for, also where they cannot be made', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Broken {
      constructor() {
        throw new Error('constructor');
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class Working {
      constructor(private readonly raven: RavenClient) {
        this.raven.tagsContext({ made: 'for the request' });
      }

      fail(): void {
        throw new Error('working');
      }
    }
    @Controller('broken')
    class BrokenController {
      constructor(readonly broken: Broken) {}

      @Get()
      get(): void {}
    }
    @Controller('working')
    class WorkingController {
      constructor(private readonly working: Working) {}

      @Get()
      get(): void {
        this.working.fail();
      }
    }
    @Controller('factory')
    class FactoryController {
      constructor(private readonly moduleRef: ModuleRef) {}

      @Get()
      async get(): Promise<void> {
        await this.moduleRef.resolve('FACTORY');
      }
    }
    const http = await startApp(receiver, {
      controllers: [BrokenController, WorkingController, FactoryController],
      providers: [
        Broken,
        Working,
        {
          provide: 'FACTORY',
          scope: Scope.REQUEST,
          useFactory: (): never => {
            throw new Error('factory');
          },
        },
      ],
    });
    app = http;
    for (const path of ['/broken', '/working', '/factory']) expect((await get(http, path)).status).toBe(500);
    await http.get(RavenClient).flush();
    expect(receiver.events.map((event) => [event.transaction, errorOf(event), event.tags])).toEqual([
      ['GET /broken', 'constructor', {}],
      ['GET /working', 'working', { made: 'for the request' }],
      ['GET /factory', 'factory', {}],
    ]);
  });

  it('that are durable live on, and each request has its scope all the same', async () => {
    const tenants = new Map<string, ContextId>();
    class ByTenant implements ContextIdStrategy {
      attach(contextId: ContextId, request: { headers?: Record<string, string> }) {
        const tenant = request.headers?.['x-tenant'] ?? 'none';
        const tree = tenants.get(tenant) ?? ContextIdFactory.create();
        tenants.set(tenant, tree);
        return {
          resolve: (info: HostComponentInfo) => (info.isTreeDurable ? tree : contextId),
          payload: { tenant },
        };
      }
    }
    let made = 0;
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class TenantService {
      constructor(private readonly raven: RavenClient) {
        made += 1;
      }

      async fail(id: string): Promise<void> {
        this.raven.tagsContext({ [`request.${id}`]: id });
        await new Promise(setImmediate);
        throw new Error(id);
      }
    }
    let requests = 0;
    @Controller()
    class TenantController {
      constructor(private readonly service: TenantService) {}

      @Get()
      async get(): Promise<void> {
        await this.service.fail(String(requests++));
      }
    }
    ContextIdFactory.apply(new ByTenant());
    const http = await startApp(receiver, { controllers: [TenantController], providers: [TenantService] });
    app = http;
    const tenant = (id: number) => get(http, '/', { headers: { 'x-tenant': `tenant ${id % 2}` } });
    await Promise.all(Array.from({ length: 2 }, (_, id) => tenant(id)));
    const madeAtFirst = made;
    await Promise.all(Array.from({ length: 50 }, (_, id) => tenant(id)));
    await http.get(RavenClient).flush();
    expect(made).toBe(madeAtFirst);
    expect(receiver.events).toHaveLength(52);
    for (const event of receiver.events) {
      const id = String(errorOf(event));
      expect(event.tags).toEqual({ [`request.${id}`]: id });
    }
  });
});

describe('an app without a server', () => {
  it('has the client, its contexts and its decorators, and delivers when it is closed', async () => {
    @Injectable()
    class Work {
      constructor(private readonly raven: RavenClient) {}

      @CaptureErrors()
      async run(id: string): Promise<void> {
        await this.raven.context.run(async () => {
          this.raven.userContext({ id });
          await new Promise(setImmediate);
          throw new Error(id);
        });
      }
    }
    app = await startStandalone(receiver, { providers: [Work] });
    const work = app.get(Work);
    const outcomes = await Promise.allSettled(['1', '2', '3'].map((id) => work.run(id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await app.close();
    app = undefined;
    expect(receiver.events.map(errorOf).toSorted()).toEqual(['1', '2', '3']);
  });
});
