import {
  Catch,
  Controller,
  Get,
  Injectable,
  Logger,
  Module,
  NotFoundException,
  Param,
  StreamableFile,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplicationContext,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule, EventBus, EventsHandler } from '@nestjs/cqrs';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { Query, Resolver } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, RpcException, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ScheduleModule, Timeout } from '@nestjs/schedule';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { lastValueFrom } from 'rxjs';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IgnoreErrors, RavenClient, RavenLogger, RavenModule, Tag, type RavenOptions } from 'nestjs-raven';
import { operate, STACKS, startGraphqlApp } from '../e2e/graphql-app';
import { freePort } from '../support/free-port';
import { printedTexts } from '../support/printed-texts';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { SOON } from '../support/soon';
import { WsClient } from '../support/ws-client';
import { get, PLATFORMS, startModule, testOptions, type Platform, type TestApp } from '../support/test-app';

let receiver: Receiver;
let app: INestApplicationContext | undefined;
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

function moduleOf(
  { imports = [], controllers = [], providers = [] }: TestApp,
  options: RavenOptions = {},
): Type {
  @Module({
    imports: [RavenModule.forRoot(testOptions(receiver, options)), ...imports],
    controllers,
    providers,
  })
  class AppModule {}
  return AppModule;
}

function useRavenLogger<T extends INestApplicationContext>(started: T): T {
  started.useLogger(started.get(RavenLogger));
  app = started;
  return started;
}

/** All events there are once the app has closed. */
async function eventsInTheEnd(): Promise<ReceivedEvent[]> {
  await app?.close();
  app = undefined;
  return receiver.events;
}

@Catch(RangeError)
class LoggingFilter implements ExceptionFilter {
  private readonly logger = new Logger('LoggingFilter');

  catch(error: RangeError, host: ArgumentsHost): void {
    this.logger.error('out of range', error);
    const response = host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: string): void } }>();
    response.status(error.message === 'mine' ? 500 : 400).send('sorry');
  }
}

@Tag('team', 'shop')
@Controller()
class ShopController {
  private readonly logger = new Logger('Shop');

  @Get('thrown')
  thrown(): void {
    throw new Error('thrown');
  }
  @Get('primitive')
  primitive(): void {
    throw 'a primitive';
  }
  @Get('missing')
  missing(): void {
    throw new NotFoundException('missing');
  }
  @Get('caught')
  caught(): string {
    this.logger.warn('about to fail');
    this.logger.error('caught', new Error('and handled'));
    return 'ok';
  }
  @Get('rethrown')
  rethrown(): void {
    const error = new Error('rethrown');
    this.logger.error('logged first', error);
    throw error;
  }
  @Get('rethrown-text')
  rethrownText(): void {
    const error = new Error('rethrown as text');
    this.logger.error(error.message, error.stack);
    this.logger.error(error.message, error.stack);
    throw error;
  }
  @UseFilters(LoggingFilter)
  @Get('filtered/mine')
  mine(): void {
    throw new RangeError('mine');
  }
  @UseFilters(LoggingFilter)
  @Get('filtered/yours')
  yours(): void {
    throw new RangeError('yours');
  }
  @Get('stream')
  stream(): StreamableFile {
    return new StreamableFile(
      new Readable({
        read() {
          this.destroy(new Error('the file is gone'));
        },
      }),
    );
  }
}

async function startShop(platform: Platform) {
  return useRavenLogger(await startModule(moduleOf({ controllers: [ShopController] }), platform));
}

/** What many apps have: it logs all there is. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  private readonly logger = new Logger('CatchAll');

  catch(error: Error & { getStatus?(): number }, host: ArgumentsHost): void {
    if (error.message.includes('text')) this.logger.error(error.message, error.stack);
    else this.logger.error(error);
    const response = host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: string): void } }>();
    response.status(error.getStatus?.() ?? 500).send('sorry');
  }
}

class Refused extends Error {}

@Tag('team', 'shop')
@UseFilters(CatchAllFilter)
@Controller('all')
class LoggedController {
  @Get('failed/:as')
  failed(@Param('as') as: string): void {
    throw new Error(`failed as ${as}`);
  }
  @Get('missing/:as')
  missing(@Param('as') as: string): void {
    throw new NotFoundException(`missing as ${as}`);
  }
  @IgnoreErrors(Refused)
  @Get('refused/:as')
  refused(@Param('as') as: string): void {
    throw new Refused(`refused as ${as}`);
  }
}

describe.each(PLATFORMS)('an app on %s with a filter that logs everything', (platform) => {
  it.each(['text', 'error'])(
    'has one event of what failed, by the rules of the module: logged as %s',
    async (as) => {
      const started = useRavenLogger(
        await startModule(moduleOf({ controllers: [LoggedController] }), platform),
      );
      for (const path of ['failed', 'missing', 'refused']) await get(started, `/all/${path}/${as}`);
      const events = await eventsInTheEnd();
      expect(events.map(errorOf)).toEqual([`failed as ${as}`]);
      expect(events[0].tags).toMatchObject({ team: 'shop' });
      for (const path of ['failed', 'missing', 'refused'])
        expect(printed.join('')).toContain(`${path} as ${as}`);
    },
  );
});

describe.each(PLATFORMS)('an app on %s with the logger', (platform) => {
  it.each([
    ['thrown', 'thrown'],
    ['primitive', 'a primitive'],
    ['filtered/mine', 'mine'],
  ])('has one event of an error that Nest or a filter logs too, with its tags: %s', async (path, message) => {
    await get(await startShop(platform), `/${path}`).catch(() => undefined);
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual([message]);
    expect(events[0].tags).toMatchObject({ team: 'shop' });
    expect(events[0].exception.values[0].mechanism.type).toBe('auto.http.nestjs');
  });

  it('has one event of a stream that fails, whatever Nest answers then', async () => {
    await get(await startShop(platform), '/stream').catch(() => undefined);
    expect((await eventsInTheEnd()).map(errorOf)).toEqual(['the file is gone']);
    expect(printed.join('')).toContain('the file is gone');
  });

  it('has one event of an error that is logged and thrown on', async () => {
    const response = await get(await startShop(platform), '/rethrown');
    expect(response.status).toBe(500);
    const events = await eventsInTheEnd();
    expect(events).toMatchObject([
      { logger: 'Shop', logentry: { message: 'logged first' }, transaction: 'GET /rethrown' },
    ]);
    expect(events[0].exception.values[0].mechanism.type).toBe('auto.log.nestjs');
    expect(response.headers.get('x-sentry-id')).toBe(events[0].event_id);
  });

  it('has one event also where only texts were logged', async () => {
    await get(await startShop(platform), '/rethrown-text');
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['rethrown as text']);
    expect(events[0].exception.values[0].stacktrace.frames.at(-1)?.function).toContain('rethrownText');
  });

  it('reports what the app logs though it is handled, with the steps before it', async () => {
    await get(await startShop(platform), '/caught');
    await get(app as never, '/filtered/yours');
    const events = await eventsInTheEnd();
    expect(events).toMatchObject([
      {
        logger: 'Shop',
        transaction: 'GET /caught',
        logentry: { message: 'caught' },
        breadcrumbs: {
          values: expect.arrayContaining([expect.objectContaining({ message: 'about to fail' })]),
        },
      },
      { logger: 'LoggingFilter', transaction: 'GET /filtered/yours', logentry: { message: 'out of range' } },
    ]);
  });

  it('has no event of what the caller is told', async () => {
    await get(await startShop(platform), '/missing');
    expect(await eventsInTheEnd()).toEqual([]);
  });

  it('prints what Nest logs', async () => {
    await get(await startShop(platform), '/thrown');
    expect(printed.join('')).toMatch(/ERROR.*ExceptionsHandler.*Error: thrown/s);
  });
});

it('prints from the first line on where lines are buffered until it is there, and leaves no breadcrumbs of the start', async () => {
  const root = moduleOf({ controllers: [ShopController] });
  const started = await NestFactory.create(root, new ExpressAdapter(), { bufferLogs: true });
  useRavenLogger(started);
  await started.listen(0, '127.0.0.1');
  started.get(RavenClient).captureMessage('started');
  const [event] = await receiver.waitForEvents(1);
  expect(printed.join('')).toMatch(/NestFactory.*Starting Nest application\.\.\./);
  // Which modules and routes there are is no step to an error.
  expect(event.breadcrumbs).toBeUndefined();
});

describe('an app with the logger', () => {
  it('has one event of a message that fails, and none of an RpcException', async () => {
    @Tag('team', 'rpc')
    @Controller()
    class MessagesController {
      @MessagePattern('fail')
      fail(): void {
        throw new Error('failed');
      }
      @MessagePattern('refuse')
      refuse(): void {
        throw new RpcException('refused');
      }
    }
    const options = {
      transport: Transport.TCP as const,
      options: { host: '127.0.0.1', port: await freePort() },
    };
    const service = await NestFactory.createMicroservice(moduleOf({ controllers: [MessagesController] }), {
      ...options,
      logger: false,
    });
    useRavenLogger(service);
    await service.listen();
    const client = ClientProxyFactory.create(options);
    for (const pattern of ['fail', 'refuse'])
      await lastValueFrom(client.send(pattern, {})).catch(() => undefined);
    client.close();
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['failed']);
    expect(events[0].tags).toMatchObject({ team: 'rpc' });
    expect(printed.join('')).toContain('RpcExceptionsHandler');
  });

  it('has one event of a message over a WebSocket that fails', async () => {
    @Tag('team', 'ws')
    @WebSocketGateway()
    class Gateway {
      @SubscribeMessage('fail')
      fail(): void {
        throw new Error('failed');
      }
    }
    const started = useRavenLogger(await startModule(moduleOf({ providers: [Gateway] })));
    const client = await WsClient.connect('socket.io', started);
    client.send('fail', {});
    await receiver.waitForEvents(1);
    await client.close();
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['failed']);
    expect(events[0].tags).toMatchObject({ team: 'ws' });
    expect(printed.join('')).toContain('WsExceptionsHandler');
  });

  it('has one event of a task, of a listener and of an event handler that fail, and none of what they handle', async () => {
    class Paid {}

    @Tag('team', 'jobs')
    @Injectable()
    class Jobs {
      @Timeout(1)
      task(): void {
        throw new Error('the task failed');
      }
      @Timeout(1)
      expectedTask(): void {
        throw new NotFoundException('expected of the task');
      }
      @OnEvent('fail')
      listener(): void {
        throw new Error('the listener failed');
      }
      @OnEvent('expected')
      expectedListener(): void {
        throw new NotFoundException('expected of the listener');
      }
    }

    @Tag('team', 'jobs')
    @EventsHandler(Paid)
    class PaidHandler {
      handle(): void {
        throw new Error('the handler failed');
      }
    }
    const root = moduleOf({
      imports: [ScheduleModule.forRoot(), EventEmitterModule.forRoot(), CqrsModule.forRoot()],
      providers: [Jobs, PaidHandler],
    });
    const started = await NestFactory.createApplicationContext(root, { bufferLogs: true });
    useRavenLogger(started);
    for (const event of ['fail', 'expected']) started.get(EventEmitter2).emit(event);
    await started.get(EventBus).publish(new Paid());
    await receiver.waitForEvents(3);
    await vi.waitFor(() => expect(printed.join('')).toContain('expected of the task'), SOON);
    await vi.waitFor(() => expect(printed.join('')).toContain('PaidHandler'), SOON);
    expect(printed.join('')).toContain('expected of the listener');
    const events = await eventsInTheEnd();
    expect(events.map(errorOf).sort()).toEqual([
      'the handler failed',
      'the listener failed',
      'the task failed',
    ]);
    for (const { tags } of events) expect(tags).toMatchObject({ team: 'jobs' });
  });

  it.each(STACKS)(
    'has one event of a resolver that fails, and none of what it tells the caller: %s',
    async (stack) => {
      @Tag('team', 'graphql')
      @Resolver()
      class FailingResolver {
        @Query(() => String)
        fail(): string {
          throw new Error('failed');
        }
        @Query(() => String)
        missing(): string {
          throw new NotFoundException('missing');
        }
      }
      const started = await startGraphqlApp({
        stack,
        providers: [FailingResolver],
        raven: [RavenModule.forRoot(testOptions(receiver))],
      });
      useRavenLogger(started);
      for (const field of ['fail', 'missing']) await operate(started, `{ ${field} }`);
      const events = await eventsInTheEnd();
      expect(events.map(errorOf)).toEqual(['failed']);
      expect(events[0].tags).toMatchObject({ team: 'graphql' });
      expect(printed.join('')).toMatch(/ExceptionsHandler.*Error: failed/s);
    },
  );

  it('has one event of a hook that fails while it shuts down', async () => {
    @Injectable()
    class Cache {
      onModuleDestroy(): void {
        throw new Error('not written');
      }
    }
    useRavenLogger(
      await NestFactory.createApplicationContext(moduleOf({ providers: [Cache] }), { logger: false }),
    );
    const closing = app?.close().catch(() => undefined);
    app = undefined;
    await closing;
    expect(receiver.events.map(errorOf)).toEqual(['not written']);
    expect(receiver.events[0].exception.values[0].mechanism.type).toBe('auto.lifecycle.nestjs');
  });

  it('leaves an error to the client that its feature names', async () => {
    const billing = await startReceiver();
    @Controller()
    class InvoicesController {
      private readonly logger = new Logger('Invoices');
      @Get()
      async find(): Promise<void> {
        const error = new Error('no invoice');
        try {
          throw error;
        } finally {
          setImmediate(() => this.logger.error(error));
        }
      }
    }
    @Module({ imports: [RavenModule.forFeature({ client: 'billing' })], controllers: [InvoicesController] })
    class InvoicesModule {}
    const named = RavenModule.forRoot({ ...testOptions(billing), name: 'billing' });
    const started = useRavenLogger(await startModule(moduleOf({ imports: [named, InvoicesModule] })));
    await get(started, '/');
    await billing.waitForEvents(1);
    await vi.waitFor(() => expect(printed.join('')).toContain('[Invoices]'), SOON);
    expect(await eventsInTheEnd()).toEqual([]);
    await billing.close();
  });

  it('is the logger of one client, whatever other app there is', async () => {
    const other = await startReceiver();
    const second = await NestFactory.create(
      moduleOf({ controllers: [ShopController] }, testOptions(other)),
      new FastifyAdapter(),
      { logger: false },
    );
    await second.init();
    useRavenLogger(await startModule(moduleOf({ controllers: [ShopController] })));
    new Logger('Shop').error('mine');
    await receiver.waitForEvents(1);
    await second.close();
    expect(other.events).toEqual([]);
    await other.close();
  });
});
