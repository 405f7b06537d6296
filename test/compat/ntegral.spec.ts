import {
  Controller,
  Get,
  HttpException,
  Inject,
  Injectable,
  Logger,
  Module,
  NotFoundException,
  Param,
  UseInterceptors,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import {
  GraphqlInterceptor,
  InjectSentry,
  SentryInterceptor,
  SentryModule,
  SentryService,
  Severity,
  type SentryModuleOptions,
  type SentryOptionsFactory,
} from 'nestjs-raven/compat/ntegral';
import { printedTexts } from '../support/printed-texts';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, startModule, testOptions } from '../support/test-app';

let receiver: Receiver;
let app: INestApplication | undefined;
let printed: string[];
beforeEach(async () => {
  receiver = await startReceiver();
  printed = printedTexts();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  Logger.overrideLogger(false);
  vi.restoreAllMocks();
  await receiver.close();
});

@Injectable()
class AppService {
  constructor(@InjectSentry() readonly client: SentryService) {}
}

function options(more: SentryModuleOptions = {}): SentryModuleOptions {
  return { ...testOptions(receiver), ...more };
}

async function start(
  imported: DynamicModule = SentryModule.forRoot(options()),
  controllers: Type[] = [],
  interceptor?: () => SentryInterceptor,
): Promise<INestApplication> {
  @Module({
    imports: [imported],
    controllers,
    providers: [AppService, ...(interceptor ? [{ provide: APP_INTERCEPTOR, useFactory: interceptor }] : [])],
  })
  class AppModule {}
  return (app = await startModule(AppModule));
}

/** What was reported once the app has ended. */
async function eventsInTheEnd(): Promise<ReceivedEvent[]> {
  await app?.close();
  app = undefined;
  return receiver.events;
}

const textsOf = (events: ReceivedEvent[]): string[] =>
  events.map(
    ({ level, logentry, exception }) => `${level} ${logentry?.message ?? exception?.values.at(-1)?.value}`,
  );

@Controller()
class RoutesController {
  constructor(@Inject(SentryService) private readonly sentry: SentryService) {}
  @Get('error')
  error(): never {
    throw new Error('error');
  }
  @Get('missing')
  missing(): never {
    throw new NotFoundException('missing');
  }
  @Get('user/:id')
  async user(@Param('id') id: string): Promise<string> {
    this.sentry.instance().setUser({ id });
    await Promise.resolve();
    this.sentry.instance().captureMessage(`hello ${id}`);
    return id;
  }
}

describe('SentryService', () => {
  it('is injected by its token and by its class, as one', async () => {
    const running = await start();
    const { client } = running.get(AppService);
    expect(client).toBeInstanceOf(SentryService);
    expect(running.get(SentryService)).toBe(client);
  });

  it('prints each line and reports it at its level', async () => {
    const { client } = (await start()).get(AppService);
    client.log('loaded', 'AppService');
    client.warn('low on disk');
    client.debug('details', 'AppService');
    client.verbose('all of it', 'AppService');
    client.error('not charged', undefined, 'AppService');
    client.fatal('going down');
    const events = await eventsInTheEnd();
    expect(textsOf(events)).toEqual([
      'info loaded',
      'warning low on disk',
      'debug details',
      'debug all of it',
      'error not charged',
      'fatal going down',
    ]);
    expect(events[0].logger).toBe('AppService');
    for (const text of ['loaded', 'low on disk', 'details', 'all of it', 'not charged', 'going down']) {
      expect(printed.join('')).toContain(text);
    }
  });

  it('makes breadcrumbs where its last argument is true', async () => {
    const { client } = (await start()).get(AppService);
    client.log('loaded', 'test', true);
    client.debug('details', 'test', true);
    client.warn('now', 'test', false);
    const events = await eventsInTheEnd();
    expect(textsOf(events)).toEqual(['warning now']);
    const crumbs = events[0].breadcrumbs.values.map(({ level, message, category }) =>
      [level, message, category].join(' '),
    );
    expect(crumbs).toEqual(['info loaded test', 'debug details test']);
    expect(printed.join('')).toContain('loaded');
  });

  it('works in the constructor of whoever it is injected into', async () => {
    @Injectable()
    class EarlyService {
      constructor(@InjectSentry() client: SentryService) {
        client.log('AppService loaded', 'test', true);
        client.instance().addBreadcrumb({ level: 'debug', message: 'native', data: { context: 'any' } });
        client.instance().captureMessage('early', Severity.Log);
      }
    }
    @Module({ imports: [SentryModule.forRoot(options())], providers: [EarlyService] })
    class AppModule {}
    app = await startModule(AppModule);
    const events = await eventsInTheEnd();
    expect(textsOf(events)).toEqual(['info early']);
    expect(events[0].breadcrumbs.values.map(({ message }) => message)).toEqual([
      'AppService loaded',
      'native',
    ]);
  });

  it('reports a stack that it is given as the error it is of', async () => {
    const { client } = (await start()).get(AppService);
    const error = new RangeError('too much');
    client.error('not charged', error.stack, 'AppService');
    const [event] = await eventsInTheEnd();
    expect(event).toMatchObject({
      logger: 'AppService',
      logentry: { message: 'not charged' },
      exception: { values: [{ type: 'RangeError', value: 'too much' }] },
    });
  });

  it('has a text before its lines where it is told one, and levels that do not count', async () => {
    const { client } = (
      await start(SentryModule.forRoot(options({ prefix: 'shop: ', logLevels: ['warn'] })))
    ).get(AppService);
    client.log('not printed');
    client.warn('printed');
    expect(textsOf(await eventsInTheEnd())).toEqual(['warning shop: printed']);
    expect(printed.join('')).toContain('shop: printed');
    expect(printed.join('')).not.toContain('not printed');
  });

  it('is the app’s logger: an error of a request is one event, and starting is none', async () => {
    @Module({ imports: [SentryModule.forRoot(options())], controllers: [RoutesController] })
    class AppModule {}
    app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
    app.useLogger(SentryService.SentryServiceInstance());
    await app.listen(0, '127.0.0.1');
    expect(printed.join('')).toContain('Mapped {/error, GET} route');
    expect((await get(app, '/error')).status).toBe(500);
    new Logger('Orders').log('by Nest');
    // The error's event is built once the answer is on its way.
    expect(textsOf(await eventsInTheEnd()).sort()).toEqual(['error error', 'info by Nest']);
  });

  it('finds its app though it was asked for before there was one', async () => {
    const early = SentryService.SentryServiceInstance();
    early.log('nobody hears it');
    await start();
    expect(SentryService.SentryServiceInstance()).toBe(app?.get(SentryService));
    early.instance().captureMessage('early');
    early.log('later');
    expect(textsOf(await eventsInTheEnd())).toEqual(['info early', 'info later']);
    early.log('nobody hears it any more');
    expect(early.instance().captureException(new Error('nobody hears it'))).toBe('');
    expect(early.instance().withScope((scope) => scope.setTag('a', 'b') && 'returned')).toBe('returned');
  });
});

describe('what instance() gives', () => {
  it('reports messages and errors, with levels and contexts', async () => {
    const sentry = (await start()).get(AppService).client.instance();
    const id = sentry.captureMessage('message', sentry.Severity.Log);
    expect(sentry.lastEventId()).toBe(id);
    sentry.captureMessage('more', { level: 'warning', tags: { a: 'b' } });
    sentry.captureException(new Error('error'), {
      extra: { attempt: 1 },
      user: { id: 'u-1' },
      contexts: { cart: { items: 3 } },
      fingerprint: ['bank'],
    });
    sentry.captureException(new Error('hinted'), {
      captureContext: (scope) => scope.setTag('by', 'function'),
    });
    const events = await eventsInTheEnd();
    expect(textsOf(events)).toEqual(['info message', 'warning more', 'error error', 'error hinted']);
    expect(events[0].event_id).toBe(id);
    expect(events[1].tags).toMatchObject({ a: 'b' });
    expect(events[2]).toMatchObject({
      extra: { attempt: 1 },
      user: { id: 'u-1' },
      contexts: { cart: { items: 3 } },
      fingerprint: ['bank'],
    });
    expect(events[3].tags).toEqual({ by: 'function' });
  });

  it('has scopes that end with their function, and pass on what they have', async () => {
    const { captureMessage, withScope, getCurrentScope } = (await start()).get(AppService).client.instance();
    const answer = withScope((scope) => {
      scope.setTag('outer', 'yes').setLevel('warning');
      scope.addEventProcessor((event) => ({ ...event, logger: 'outer' }));
      scope.addBreadcrumb({ message: 'outer' });
      return withScope((inner) => {
        inner.setExtra('inner', 'yes').setFingerprint(['inner']).setTransactionName('nightly');
        inner.addEventProcessor((event, { originalException }) =>
          originalException instanceof Error ? null : event,
        );
        captureMessage('inside');
        return 'returned';
      });
    });
    getCurrentScope().setTag('after', 'yes');
    captureMessage('outside');
    expect(answer).toBe('returned');
    const [inside, outside] = await eventsInTheEnd();
    expect(inside).toMatchObject({
      tags: { outer: 'yes' },
      extra: { inner: 'yes' },
      level: 'warning',
      logger: 'outer',
      fingerprint: ['inner'],
      transaction: 'nightly',
      breadcrumbs: { values: [{ message: 'outer' }] },
    });
    expect(outside.tags).toEqual({ after: 'yes' });
    expect(outside).not.toHaveProperty('breadcrumbs');
    expect(outside).not.toHaveProperty('logger');
  });

  it('drops what an event processor drops', async () => {
    const sentry = (await start()).get(AppService).client.instance();
    sentry.configureScope((scope) => {
      scope.addEventProcessor((event, { originalException }) =>
        originalException instanceof RangeError ? null : event,
      );
    });
    sentry.captureException(new RangeError('dropped'));
    sentry.captureException(new Error('kept'));
    expect((await eventsInTheEnd()).map(errorOf)).toEqual(['kept']);
  });

  it('tells two requests apart', async () => {
    const running = await start(undefined, [RoutesController]);
    await Promise.all(['1', '2', '3'].map((id) => get(running, `/user/${id}`)));
    const events = await eventsInTheEnd();
    expect(events.map(({ user, logentry }) => [user?.id, logentry.message].join(' ')).sort()).toEqual([
      '1 hello 1',
      '2 hello 2',
      '3 hello 3',
    ]);
  });

  it('delivers when it is told to', async () => {
    const sentry = (await start()).get(AppService).client.instance();
    sentry.captureMessage('now');
    expect(await sentry.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(1);
    expect(await sentry.close(5000)).toBe(true);
    expect(sentry.captureMessage('too late')).toBe('');
  });
});

describe('SentryInterceptor', () => {
  const below500 = (): SentryInterceptor =>
    new SentryInterceptor({
      filters: [{ type: HttpException, filter: (exception: HttpException) => 500 > exception.getStatus() }],
    });

  it('reports each error once, and not what its filters name', async () => {
    const running = await start(undefined, [RoutesController], below500);
    for (const path of ['/error', '/missing', '/unknown']) await get(running, path);
    expect((await eventsInTheEnd()).map(errorOf)).toEqual(['error']);
  });

  it.each([
    ['SentryInterceptor', () => new SentryInterceptor()],
    ['GraphqlInterceptor', () => new GraphqlInterceptor({ tags: { by: 'graphql' } })],
  ])('%s reports what is meant for the caller, too', async (_name, make) => {
    const running = await start(undefined, [RoutesController], make);
    for (const path of ['/error', '/missing']) await get(running, path);
    expect((await eventsInTheEnd()).map(errorOf)).toEqual(['error', 'missing']);
  });
});

it('SentryInterceptor is told by its class, too', async () => {
  @UseInterceptors(SentryInterceptor)
  @Controller()
  class ToldController {
    @Get('missing')
    missing(): never {
      throw new NotFoundException('missing');
    }
  }
  await get(await start(undefined, [ToldController]), '/missing');
  expect((await eventsInTheEnd()).map(errorOf)).toEqual(['missing']);
});

describe('SentryModule', () => {
  @Injectable()
  class Settings implements SentryOptionsFactory {
    createSentryModuleOptions(): SentryModuleOptions {
      return options({ environment: 'from a class' });
    }
  }
  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each([
    [
      'useFactory',
      () => ({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => settings.createSentryModuleOptions(),
      }),
    ],
    ['useClass', () => ({ useClass: Settings })],
    ['useExisting', () => ({ imports: [SettingsModule], useExisting: Settings })],
  ])('takes options by %s', async (_name, source) => {
    const running = await start(SentryModule.forRootAsync(source() as never));
    running.get(AppService).client.instance().captureMessage('configured');
    const [event] = await eventsInTheEnd();
    expect(event.environment).toBe('from a class');
  });

  it('refuses to have no source', () => {
    expect(() => SentryModule.forRootAsync({})).toThrow(
      'SentryModule.forRootAsync: was given none of its sources; expected an object with useFactory, useClass or useExisting',
    );
  });

  it('waits as long at the end as `close` says', async () => {
    const { shutdownTimeoutMs: _, ...others } = options({ close: { enabled: true, timeout: 1234 } });
    const running = await start(SentryModule.forRoot(others));
    expect(running.get(RavenClient).options.shutdownTimeoutMs).toBe(1234);
  });
});
