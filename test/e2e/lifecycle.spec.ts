/**
 * @context Lifecycle hooks and bootstrap
 * @sees `onModuleInit` … `onApplicationShutdown`, factories and constructors of providers
 * @handled nothing that keeps the app from starting; while it closes HttpException below 500, RpcException, WsException
 * @transaction the hook: `Class.onModuleInit`
 * @undone leave classes and objects as they were
 * @within ending-processes.spec.ts
 * @once for %s reports it once, and tells who started it
 * @unchanged %s does not keep the app from closing, async %s: the error is delivered and Nest does as ever
 */
import {
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type INestApplicationContext,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { InvalidOptionsError, RavenClient, RavenModule, Tag, type Transport } from 'nestjs-raven';
import { liveApps } from '../../lib/nest/live-apps';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';
import { get, startApp, testOptions } from '../support/test-app';

const STARTING = ['onModuleInit', 'onApplicationBootstrap'] as const;
const ENDING = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'] as const;

/** A class with one hook that fails, after a while or at once. */
function failing(hook: string, isAsync: boolean): Type {
  @Tag('of', 'the class')
  class Failing {}
  Object.defineProperty(Failing.prototype, hook, {
    configurable: true,
    writable: true,
    value: isAsync
      ? async () => {
          await Promise.resolve();
          throw new Error(`${hook} failed`);
        }
      : () => {
          throw new Error(`${hook} failed`);
        },
  });
  return Failing;
}

/** What an app is made of in which that class is a provider, a controller, a module or made by a factory. */
const PLACES: Record<
  string,
  (type: Type) => { imports?: (Type | DynamicModule)[]; providers?: object[]; controllers?: Type[] }
> = {
  provider: (type) => ({ providers: [type] }),
  controller: (type) => {
    Controller()(type);
    return { controllers: [type] };
  },
  module: (type) => {
    Module({})(type);
    return { imports: [type] };
  },
  'global module': (type) => {
    Global()(type);
    Module({})(type);
    return { imports: [type] };
  },
  'deep module': (type) => {
    Module({})(type);
    let inner = type;
    for (let depth = 0; depth < 5; depth += 1) {
      class Outer {}
      Module({ imports: [inner] })(Outer);
      inner = Outer;
    }
    return { imports: [inner] };
  },
  factory: (type) => ({ providers: [{ provide: 'MADE', useFactory: () => new type() as object }] }),
  value: (type) => ({ providers: [{ provide: 'VALUE', useValue: new type() as object }] }),
};

let receiver: Receiver;
let app: INestApplicationContext | undefined;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close().catch(() => undefined);
  app = undefined;
  await receiver.close();
});

describe.each(Object.keys(PLACES))('hooks of a %s', (place) => {
  it.each(
    STARTING.flatMap(
      (hook) =>
        [
          [hook, true],
          [hook, false],
        ] as const,
    ),
  )(
    '%s keeps the app from starting, async %s: the error is delivered before anybody hears of it',
    async (hook, isAsync) => {
      const type = failing(hook, isAsync);
      const parts = PLACES[place](type) as Parameters<typeof startStandalone>[1];
      class AppModule {}
      Module({ ...parts, imports: [RavenModule.forRoot(testOptions(receiver)), ...(parts.imports ?? [])] })(
        AppModule,
      );
      app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
      await expect(app.init()).rejects.toThrow(`${hook} failed`);
      expect(receiver.events).toHaveLength(1);
      const [event] = receiver.events;
      expect(event).toMatchObject({
        transaction: `Failing.${hook}`,
        transaction_info: { source: 'component' },
        level: 'fatal',
        tags: { of: 'the class' },
      });
      expect(event.exception.values[0].mechanism).toMatchObject({
        type: 'auto.lifecycle.nestjs',
        handled: false,
      });
    },
  );

  it.each(
    ENDING.flatMap(
      (hook) =>
        [
          [hook, true],
          [hook, false],
        ] as const,
    ),
  )(
    '%s does not keep the app from closing, async %s: the error is delivered and Nest does as ever',
    async (hook, isAsync) => {
      const outcomes = [];
      for (const observed of [receiver, undefined]) {
        const log = new JobLog();
        const parts = PLACES[place](failing(hook, isAsync)) as Parameters<typeof startStandalone>[1];
        const closing = await startStandalone(observed, parts, {}, log);
        const outcome = await closing.close().then(() => 'closed', String);
        outcomes.push([outcome, log.errors]);
      }
      expect(outcomes[0]).toEqual(outcomes[1]);
      expect(receiver.events.map((event) => [event.transaction, errorOf(event), event.level])).toEqual([
        [`Failing.${hook}`, `${hook} failed`, 'error'],
      ]);
    },
  );
});

describe('lifecycle hooks', () => {
  it('set for the whole app what they set', async () => {
    @Injectable()
    class Setup {
      constructor(private readonly raven: RavenClient) {}

      async onModuleInit(): Promise<void> {
        await Promise.resolve();
        this.raven.tagsContext({ boot: 'set by a hook' });
      }
    }
    @Controller()
    class FailController {
      @Get()
      fail(): void {
        throw new Error('request');
      }
    }
    const http = await startApp(receiver, { providers: [Setup], controllers: [FailController] });
    app = http;
    await get(http, '/');
    const [event] = await receiver.waitForEvents(1);
    expect(event.tags).toEqual({ boot: 'set by a hook' });
  });

  it('that call the hook of their base class are one hook, and may handle its error', async () => {
    @Injectable()
    class Base {
      onModuleInit(): void {
        throw new Error('base');
      }
    }
    @Injectable()
    class Handling extends Base {
      override onModuleInit(): void {
        try {
          super.onModuleInit();
        } catch {
          this.handled = true;
        }
      }
      handled = false;
    }
    app = await startStandalone(receiver, { providers: [Handling] });
    expect(app.get(Handling).handled).toBe(true);
    await app.get(RavenClient).flush();
    expect(receiver.events).toEqual([]);
  });

  it.each([...STARTING, ...ENDING])(
    'that the app itself calls are methods like any other: %s throws at once, and nothing is reported',
    async (hook) => {
      class Cache {}
      const hooks = Cache.prototype as Record<string, () => unknown>;
      let isBroken = false;
      hooks[hook] = () => {
        if (isBroken) throw new Error('no cache');
        return 'as it is';
      };
      /** What the app makes of it where it calls it; whoever fails in this way has handled it. */
      const outcomes: unknown[] = [];
      const callBoth = (cache: object): void => {
        for (isBroken of [false, true]) {
          try {
            outcomes.push((cache as typeof hooks)[hook]());
          } catch (error) {
            outcomes.push((error as Error).message);
          }
        }
        isBroken = false;
      };
      @Injectable()
      class Other {
        constructor(private readonly cache: Cache) {}

        onModuleInit(): void {
          callBoth(this.cache);
        }

        async onApplicationBootstrap(): Promise<void> {
          await new Promise(setImmediate);
          callBoth(this.cache);
        }
      }
      Reflect.defineMetadata('design:paramtypes', [Cache], Other);
      @Controller()
      class CacheController {
        constructor(private readonly cache: Cache) {}

        @Get()
        reset(): string {
          callBoth(this.cache);
          return 'done';
        }
      }
      Reflect.defineMetadata('design:paramtypes', [Cache], CacheController);
      const value = new Cache();
      (value as typeof hooks)[hook] = hooks[hook];
      const providers = [Cache, Other, { provide: 'VALUE', useValue: value }];
      const http = await startApp(receiver, { providers, controllers: [CacheController] });
      app = http;
      expect((await get(http, '/')).status).toBe(200);
      callBoth(http.get(Cache));
      callBoth(value);
      expect(outcomes).toEqual(Array(5).fill(['as it is', 'no cache']).flat());
      const raven = http.get(RavenClient);
      expect(raven.isEnabled()).toBe(true);
      await raven.flush();
      expect(receiver.events).toEqual([]);
    },
  );

  it('are told apart whatever an app makes of stacks, which stays as it is', async () => {
    const { prepareStackTrace, stackTraceLimit } = Error;
    const ownStacks = (): string => 'no frames';
    try {
      Error.prepareStackTrace = ownStacks;
      Error.stackTraceLimit = 0;
      const failed = startStandalone(receiver, { providers: [failing('onModuleInit', false)] });
      await expect(failed).rejects.toThrow('onModuleInit failed');
      expect([Error.prepareStackTrace, Error.stackTraceLimit]).toEqual([ownStacks, 0]);
    } finally {
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    }
    expect(receiver.events.map(errorOf)).toEqual(['onModuleInit failed']);
  });

  it('wait for a server that does not answer as long as one would, however many of them fail', async () => {
    const waits: number[] = [];
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const wait = async (timeoutMs: number): Promise<boolean> => {
      waits.push(timeoutMs);
      await new Promise(setImmediate);
      vi.advanceTimersByTime(timeoutMs);
      return false;
    };
    const transport: Transport = { send: () => {}, flush: wait, close: wait };
    const imports = ENDING.map((hook) => {
      const type = failing(hook, true);
      Module({})(type);
      return type;
    });
    const closing = await startStandalone(receiver, { imports }, { transport, shutdownTimeoutMs: 200 });
    await closing.close();
    expect(waits).toEqual([200, 0, 0, 0]);
  });

  it('leave classes and objects as they were', async () => {
    class Hooked {
      onModuleInit(): void {}
      onApplicationShutdown = (): void => {};
    }
    const { onModuleInit } = Hooked.prototype;
    const value = new Hooked();
    const own = value.onApplicationShutdown;
    app = await startStandalone(receiver, { providers: [Hooked, { provide: 'VALUE', useValue: value }] });
    expect(Hooked.prototype.onModuleInit).not.toBe(onModuleInit);
    expect(value.onApplicationShutdown).not.toBe(own);
    await app.close();
    app = undefined;
    expect(Hooked.prototype.onModuleInit).toBe(onModuleInit);
    expect(value.onApplicationShutdown).toBe(own);
    expect(Object.keys(value)).toEqual(['onApplicationShutdown']);
  });

  it('capture what they like to the very last one', async () => {
    @Injectable()
    class Last {
      constructor(private readonly raven: RavenClient) {}

      async onApplicationShutdown(): Promise<void> {
        await new Promise(setImmediate);
        this.raven.captureMessage('the end');
      }
    }
    @Global()
    @Module({ providers: [Last] })
    class LastModule {}
    app = await startStandalone(receiver, { imports: [LastModule], providers: [Last] });
    const raven = app.get(RavenClient);
    await app.close();
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['the end', 'the end']);
    expect(raven.isEnabled()).toBe(false);
  });
});

describe('an app that cannot be made', () => {
  const broken: Record<string, object[]> = {
    'a factory that throws': [
      {
        provide: 'DATABASE',
        useFactory: (): never => {
          throw new Error('no database');
        },
      },
    ],
    'a factory that rejects': [
      { provide: 'DATABASE', useFactory: () => Promise.reject(new Error('no database')) },
    ],
    'a factory that rejects late, for want of another': [
      { provide: 'CONFIG', useFactory: () => new Promise((resolve) => void setImmediate(resolve, {})) },
      {
        provide: 'DATABASE',
        inject: ['CONFIG'],
        useFactory: async () => {
          await new Promise(setImmediate);
          throw new Error('no database');
        },
      },
    ],
    'a constructor that throws': [
      {
        provide: 'DATABASE',
        useClass: class {
          constructor() {
            throw new Error('no database');
          }
        },
      },
    ],
  };

  it.each(Object.keys(broken))('for %s reports it once, and tells who started it', async (name) => {
    for (const isFirst of [true, false]) {
      class Feature {}
      Module({ providers: broken[name] as never })(Feature);
      const raven = RavenModule.forRoot(testOptions(receiver));
      class AppModule {}
      Module({ imports: isFirst ? [raven, Feature] : [Feature, raven] })(AppModule);
      receiver.events.length = 0;
      for (const start of ['create', 'createApplicationContext'] as const) {
        await expect(NestFactory[start](AppModule, { logger: false, abortOnError: false })).rejects.toThrow(
          'no database',
        );
      }
      expect(receiver.events.map((event) => [event.transaction, errorOf(event), event.level])).toEqual(
        Array(2).fill(['AppModule (bootstrap)', 'no database', 'fatal']),
      );
    }
  });

  it('for options that come late reports it too', async () => {
    const raven = RavenModule.forRootAsync({
      useFactory: async () => {
        await new Promise(setImmediate);
        return testOptions(receiver);
      },
    });
    class AppModule {}
    Module({ imports: [raven], providers: broken['a factory that throws'] as never })(AppModule);
    await expect(NestFactory.create(AppModule, { logger: false, abortOnError: false })).rejects.toThrow();
    expect(receiver.events.map(errorOf)).toEqual(['no database']);
  });

  it.each([
    ['options that never come', { useFactory: () => new Promise<never>(() => {}) }],
    [
      'options that cannot be made',
      {
        useFactory: (): never => {
          throw new Error('no options');
        },
      },
    ],
  ])('for want of a client, with %s, leaves nothing of itself', async (_, source) => {
    class AppModule {}
    Module({
      imports: [RavenModule.forRootAsync(source)],
      providers: broken['a factory that rejects'] as never,
    })(AppModule);
    const others = [...liveApps];
    await expect(NestFactory.create(AppModule, { logger: false, abortOnError: false })).rejects.toThrow();
    expect([...liveApps]).toEqual(others);
  });

  it('closes a client that comes after that', async () => {
    const others = [...liveApps];
    let tell!: (options: object) => void;
    const options = new Promise<object>((resolve) => (tell = resolve));
    let raven: RavenClient | undefined;
    @Injectable()
    class Late {
      constructor(client: RavenClient) {
        raven = client;
        made();
      }
    }
    Reflect.defineMetadata('design:paramtypes', [RavenClient], Late);
    let made!: () => void;
    const isMade = new Promise<void>((resolve) => (made = resolve));
    class AppModule {}
    const imports = [RavenModule.forRootAsync({ useFactory: () => options })];
    Module({ imports, providers: [Late, ...broken['a factory that rejects']] as never })(AppModule);
    await expect(NestFactory.create(AppModule, { logger: false, abortOnError: false })).rejects.toThrow();
    tell(testOptions(receiver));
    await isMade;
    await new Promise(setImmediate);
    await raven?.close();
    expect(raven?.isEnabled()).toBe(false);
    expect([...liveApps]).toEqual(others);
  });

  it('for a DSN that is none tells so without waiting for a client', async () => {
    const others = [...liveApps];
    class AppModule {}
    Module({ imports: [RavenModule.forRoot({ dsn: 'https://nowhere' })] })(AppModule);
    // No time passes: what waits for a client waits for ever.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const failed = NestFactory.create(AppModule, { logger: false, abortOnError: false });
    await expect(failed).rejects.toThrow(InvalidOptionsError);
    expect([...liveApps]).toEqual(others);
  });

  it('is none of this module where it has no RavenModule', async () => {
    const other = await startStandalone(receiver, {});
    class AppModule {}
    Module({ providers: broken['a factory that throws'] as never })(AppModule);
    const failed = NestFactory.create(AppModule, { logger: false, abortOnError: false });
    await expect(failed).rejects.toThrow('no database');
    await other.get(RavenClient).flush();
    expect(receiver.events).toEqual([]);
    await other.close();
  });

  it('in a test fails the test and nothing else', async () => {
    const raven = RavenModule.forRoot(testOptions(receiver));
    const builder = Test.createTestingModule({
      imports: [raven],
      providers: broken['a factory that throws'] as never,
    });
    await expect(builder.compile()).rejects.toThrow('no database');
  });
});

describe("Nest's preview mode", () => {
  it('makes nothing of the module, and says nothing about it', async () => {
    const others = [...liveApps];
    const said = [];
    for (const imports of [[RavenModule.forRoot(testOptions(receiver))], []]) {
      const logger = new JobLog();
      class AppModule {}
      Module({ imports })(AppModule);
      const preview = await NestFactory.create(AppModule, { preview: true, abortOnError: false, logger });
      await preview.init();
      said.push(logger.errors);
    }
    expect(said[0]).toEqual(said[1]);
    expect([...liveApps]).toEqual(others);
  });
});
