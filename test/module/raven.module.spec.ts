import {
  Controller,
  Get,
  Global,
  Inject,
  Injectable,
  Module,
  type INestApplicationContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getRavenToken,
  InjectRaven,
  InvalidOptionsError,
  RavenClient,
  RavenModule,
  type Processor,
  type RavenEvent,
  type RavenOptions,
  type RavenOptionsFactory,
} from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp, startModule, testOptions } from '../support/test-app';

let receiver: Receiver;
const open: INestApplicationContext[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
  await receiver.close();
});

/** Starts an app without HTTP, of modules alone. */
async function contextOf(
  imports: Parameters<typeof Module>[0]['imports'],
  providers: Parameters<typeof Module>[0]['providers'] = [],
): Promise<INestApplicationContext> {
  @Module({ imports, providers })
  class Root {}
  const app = await NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false });
  open.push(app);
  return app;
}

/** Whether captures of this client arrive at the receiver. */
async function delivers(client: RavenClient): Promise<boolean> {
  const id = client.captureMessage('does it arrive');
  await client.flush(5000);
  return receiver.events.some((event) => event.event_id === id);
}

@Injectable()
class Settings {
  dsn = receiver.dsn();
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class SettingsFactory implements RavenOptionsFactory {
  createRavenOptions(): Promise<RavenOptions> {
    return Promise.resolve(testOptions(receiver));
  }
}

@Module({ providers: [SettingsFactory], exports: [SettingsFactory] })
class FactoryModule {}

describe('options come', () => {
  it('as they are: forRoot(options)', async () => {
    const app = await contextOf([RavenModule.forRoot(testOptions(receiver))]);
    expect(await delivers(app.get(RavenClient))).toBe(true);
  });

  it('from a factory that injects: useFactory, inject, imports', async () => {
    const app = await contextOf([
      RavenModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async ({ dsn }: Settings) => ({ ...testOptions(receiver), dsn }),
      }),
    ]);
    expect(await delivers(app.get(RavenClient))).toBe(true);
  });

  it('from a class of its own: useClass', async () => {
    const app = await contextOf([RavenModule.forRootAsync({ useClass: SettingsFactory })]);
    expect(await delivers(app.get(RavenClient))).toBe(true);
  });

  it('from a provider that is there: useExisting', async () => {
    const app = await contextOf([
      RavenModule.forRootAsync({ imports: [FactoryModule], useExisting: SettingsFactory }),
    ]);
    expect(await delivers(app.get(RavenClient))).toBe(true);
  });

  it.each([
    ['an unknown option', { dns: 'x' }, /unknown option "dns"/],
    ['a sample rate of 1.2', { sampleRate: 1.2 }, /"sampleRate" is 1\.2; expected a number from 0 to 1/],
    ['a bad DSN', { dsn: 'https://key:s3cret@host' }, /the DSN "https:\/\/\*\*\*@host" has no project id/],
  ])('and stop the app with one line: %s', async (_, options, message) => {
    await expect(contextOf([RavenModule.forRoot(options as RavenOptions)])).rejects.toThrow(message);
    await expect(
      contextOf([RavenModule.forRootAsync({ useFactory: () => options as RavenOptions })]),
    ).rejects.toThrow(message);
  });
});

describe('what cannot be options is refused with one line', () => {
  type Given = Parameters<typeof RavenModule.forRoot>[0];
  type Source = Parameters<typeof RavenModule.forRootAsync>[0];

  it.each([
    ['null', null, 'RavenModule: the options are null; expected an object'],
    ['a list', [], 'RavenModule: the options are a list; expected an object'],
    ['a promise', Promise.resolve({}), 'RavenModule: the options are a Promise object; expected an object'],
    [
      'isGlobal: "no"',
      { isGlobal: 'no' },
      'RavenModule: the option "isGlobal" is "no"; expected true or false',
    ],
    [
      'a name that is empty',
      { name: '' },
      'RavenModule: the option "name" is empty; expected a name that is not empty',
    ],
  ])('by forRoot: %s', (_, options, line) => {
    expect(() => RavenModule.forRoot(options as unknown as Given)).toThrow(new InvalidOptionsError(line));
  });

  it.each([
    [
      'nothing',
      undefined,
      /^RavenModule.forRootAsync: was given undefined; expected an object with useFactory/,
    ],
    ['null', null, /^RavenModule.forRootAsync: was given null; expected an object with useFactory/],
    [
      'no source',
      { name: 'a' },
      /^RavenModule.forRootAsync: was given none .*; expected .* useFactory, useClass/,
    ],
    ['options as they are', { useFactory: {} }, /"useFactory" is an object; expected a function$/],
    [
      'isGlobal: "no"',
      { isGlobal: 'no', useFactory: () => ({}) },
      /^RavenModule: the option "isGlobal" is "no"; expected true or false$/,
    ],
  ])('by forRootAsync: %s', (_, source, line) => {
    const start = (): unknown => RavenModule.forRootAsync(source as unknown as Source);
    expect(start).toThrow(InvalidOptionsError);
    expect(start).toThrow(line);
  });

  it.each([undefined, null, 'text', []])('by forFeature: %j', (options) => {
    const start = (): unknown => RavenModule.forFeature(options as never);
    expect(start).toThrow(InvalidOptionsError);
    expect(start).toThrow(/^RavenModule.forFeature: was given .+; expected an object$/);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
    ['"text"', 'text'],
  ])('from a factory: %s', async (described, made) => {
    const useFactory = (): RavenOptions => made as unknown as RavenOptions;
    await expect(contextOf([RavenModule.forRootAsync({ useFactory })])).rejects.toThrow(
      new InvalidOptionsError(
        `RavenModule.forRootAsync: the factory returned ${described}; expected an object of options`,
      ),
    );
  });

  it.each([
    [
      { isGlobal: false },
      {},
      /returned "isGlobal" as false, and nothing stands beside it; expected it beside/,
    ],
    [{ isGlobal: false }, { isGlobal: true }, /returned "isGlobal" as false, and true stands beside it/],
    [
      { name: 'billing' },
      {},
      /returned "name" as "billing", .*; expected .*forRootAsync\(\{ name: …, useFactory/,
    ],
    [{ name: 'billing' }, { name: 'search' }, /returned "name" as "billing", and "search" stands beside it/],
  ])('from a factory: %j, where %j stands beside it', async (made, beside, line) => {
    const useFactory = (): RavenOptions => ({ ...testOptions(receiver), ...made });
    await expect(contextOf([RavenModule.forRootAsync({ ...beside, useFactory })])).rejects.toThrow(line);
  });

  it('but a factory may repeat what stands beside it', async () => {
    const beside = { isGlobal: false, name: 'billing' };
    const useFactory = (): RavenOptions => ({ ...testOptions(receiver), ...beside });
    const app = await contextOf([RavenModule.forRootAsync({ ...beside, useFactory })]);
    expect(app.get<RavenClient>(getRavenToken('billing')).options.name).toBe('billing');
  });
});

describe('the client', () => {
  @Injectable()
  class Service {
    constructor(readonly raven: RavenClient) {}
  }
  @Module({ providers: [Service], exports: [Service] })
  class FeatureModule {}

  it('is injected everywhere, by its class', async () => {
    const app = await contextOf([FeatureModule, RavenModule.forRoot(testOptions(receiver))]);
    expect(app.get(Service).raven).toBe(app.get(RavenClient));
  });

  it('is injected only where the module is imported, with isGlobal: false', async () => {
    const local = RavenModule.forRoot({ ...testOptions(receiver), isGlobal: false });
    await expect(contextOf([FeatureModule, local])).rejects.toThrow(/resolve dependencies of the Service/);
    const app = await contextOf([local], [Service]);
    expect(app.get(Service).raven).toBeInstanceOf(RavenClient);
  });

  it('is injected everywhere where isGlobal is given as undefined', async () => {
    const raven = RavenModule.forRoot({ ...testOptions(receiver), isGlobal: undefined });
    expect((await contextOf([FeatureModule, raven])).get(Service).raven).toBeInstanceOf(RavenClient);
  });

  it('takes all from the environment where forRoot is given nothing', async () => {
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    try {
      const app = await contextOf([RavenModule.forRoot()]);
      expect(await delivers(app.get(RavenClient))).toBe(true);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('has a name where there are several, each with a server of its own', async () => {
    const other = await startReceiver();
    @Injectable()
    class Billing {
      constructor(
        readonly main: RavenClient,
        @InjectRaven('billing') readonly billing: RavenClient,
        @Inject(getRavenToken('search')) readonly search: RavenClient,
      ) {}
    }
    const app = await contextOf(
      [
        RavenModule.forRoot(testOptions(receiver)),
        RavenModule.forRoot({ ...testOptions(other), name: 'billing' }),
        RavenModule.forRootAsync({ name: 'search', useFactory: () => testOptions(other) }),
      ],
      [Billing],
    );
    const { main, billing, search } = app.get(Billing);
    expect(new Set([main, billing, search]).size).toBe(3);
    main.captureMessage('main');
    billing.captureMessage('billing');
    search.captureMessage('search');
    await Promise.all([main, billing, search].map((client) => client.flush(5000)));
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['main']);
    expect(other.events.map(({ logentry }) => logentry.message).toSorted()).toEqual(['billing', 'search']);
    billing.tagsContext({ only: 'billing' });
    expect(main.context.get()).toEqual({});
    await other.close();
  });

  it('is disabled where there is no DSN, and everything can be called', async () => {
    const app = await contextOf([RavenModule.forRoot({})]);
    const client = app.get(RavenClient);
    expect(client.isEnabled()).toBe(false);
    expect(client.captureMessage('m')).toBeNull();
    expect(client.captureException(new Error())).toBeNull();
    expect(client.captureQuery('SELECT 1')).toBeNull();
    client.captureBreadcrumb({ message: 'm' });
    client.tagsContext({ a: 1 });
    await client.send({});
    expect(client.captureErrors(() => 42)).toBe(42);
    expect(client.getPublicDsn()).toBeNull();
    expect(await client.flush()).toBe(true);
    expect(await client.close()).toBe(true);
  });

  it('is replaced in a test like any provider', async () => {
    const captured: string[] = [];
    const module = await Test.createTestingModule({
      imports: [RavenModule.forRoot(testOptions(receiver)), FeatureModule],
    })
      .overrideProvider(RavenClient)
      .useValue({ captureMessage: (message: string) => captured.push(message) })
      .compile();
    open.push(module);
    module.get(Service).raven.captureMessage('to the stand-in');
    expect(captured).toEqual(['to the stand-in']);
  });

  it('delivers what is left when the app closes, and nothing after that', async () => {
    const app = await contextOf([RavenModule.forRoot(testOptions(receiver))]);
    const client = app.get(RavenClient);
    client.captureMessage('at the last moment');
    open.splice(0);
    await app.close();
    expect(receiver.events).toHaveLength(1);
    expect(client.isEnabled()).toBe(false);
    expect(client.captureMessage('too late')).toBeNull();
  });

  it('reports what the hooks of a shutdown capture', async () => {
    @Injectable()
    class Last {
      constructor(private readonly raven: RavenClient) {}
      onApplicationShutdown(): void {
        this.raven.captureMessage('shutting down');
      }
    }
    const app = await contextOf([RavenModule.forRoot(testOptions(receiver))], [Last]);
    open.splice(0);
    await app.close();
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['shutting down']);
  });
});

describe('processors and event types of the app', () => {
  @Injectable()
  class Tenants {
    readonly name = 'acme';
  }
  @Injectable()
  class TenantProcessor implements Processor {
    constructor(private readonly tenants: Tenants) {}
    process(event: RavenEvent): RavenEvent {
      event.tags.tenant = this.tenants.name;
      return event;
    }
  }
  @Global()
  @Module({ providers: [Tenants, TenantProcessor], exports: [TenantProcessor] })
  class TenantsModule {}

  it('a processor that is a provider has what it injects', async () => {
    const app = await contextOf([
      TenantsModule,
      RavenModule.forRoot(
        testOptions(receiver, {
          processors: ['raven.processors.SanitizePasswordsProcessor', TenantProcessor],
        }),
      ),
    ]);
    app.get(RavenClient).captureMessage('m', { extra: { password: 'x' } });
    await app.get(RavenClient).flush(5000);
    expect(receiver.events[0].tags).toEqual({ tenant: 'acme' });
    expect(receiver.events[0].extra).toMatchObject({ password: '********' });
  });

  it('a processor that cannot be made stops the app', async () => {
    class Broken {
      constructor() {
        throw new Error('no key for the vault');
      }
      process(event: RavenEvent): RavenEvent {
        return event;
      }
    }
    await expect(
      contextOf([RavenModule.forRoot(testOptions(receiver, { processors: [Broken] }))]),
    ).rejects.toThrow('no key for the vault');
  });
});

@Controller()
class FailingController {
  @Get('fail')
  fail(): void {
    throw new Error('fail');
  }
}
@Module({ controllers: [FailingController] })
class FailingModule {}

describe.each(PLATFORMS)('on %s, an error is reported once wherever RavenModule is imported', (platform) => {
  const raven = (): ReturnType<typeof RavenModule.forRoot> => RavenModule.forRoot(testOptions(receiver));

  function nested(): Parameters<typeof Module>[0] {
    @Module({ imports: [raven()] })
    class Inner {}
    @Module({ imports: [Inner] })
    class Outer {}
    return { imports: [FailingModule, Outer] };
  }

  it.each<[string, () => Parameters<typeof Module>[0]]>([
    ['first', () => ({ imports: [raven(), FailingModule] })],
    ['last', () => ({ imports: [FailingModule, raven()] })],
    ['nested', nested],
    ['beside controllers of the root', () => ({ imports: [raven()], controllers: [FailingController] })],
    [
      'not globally',
      () => ({
        imports: [FailingModule, RavenModule.forRoot({ ...testOptions(receiver), isGlobal: false })],
      }),
    ],
    [
      'twice, with a named client beside the unnamed one',
      () => ({
        imports: [raven(), FailingModule, RavenModule.forRoot({ ...testOptions(receiver), name: 'other' })],
      }),
    ],
    [
      'by a named client alone',
      () => ({ imports: [FailingModule, RavenModule.forRoot({ ...testOptions(receiver), name: 'only' })] }),
    ],
  ])('%s', async (_, definition) => {
    @Module(definition())
    class Root {}
    const app = await startModule(Root, platform);
    const response = await get(app, '/fail');
    await app.close();
    expect(response.status).toBe(500);
    expect(receiver.events.map(errorOf)).toEqual(['fail']);
    expect(response.headers.get('x-sentry-id')).toBe(receiver.events[0].event_id);
  });

  it('in a module made by Test.createTestingModule', async () => {
    const app = await startApp(receiver, { controllers: [FailingController] }, {}, platform);
    expect((await get(app, '/fail')).status).toBe(500);
    await app.close();
    const module = await Test.createTestingModule({
      imports: [raven()],
      controllers: [FailingController],
    }).compile();
    const tested = module.createNestApplication({ logger: false });
    await tested.listen(0, '127.0.0.1');
    expect((await get(tested, '/fail')).headers.get('x-sentry-id')).toMatch(/^[0-9a-f]{32}$/);
    await tested.close();
    expect(receiver.events).toHaveLength(2);
  });
});
