/**
 * @context Lifecycle hooks and bootstrap
 * @sees `onModuleInit` … `onApplicationShutdown`, factories and constructors of providers
 * @handled nothing
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, Tag } from 'nestjs-raven';
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
