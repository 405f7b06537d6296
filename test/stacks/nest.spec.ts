import {
  BadGatewayException,
  Catch,
  Controller,
  Get,
  Injectable,
  Module,
  Param,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type MiddlewareConsumer,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { RavenClient, RavenModule, RecordingTransport, type RavenOptions } from 'nestjs-raven';
import { concatMap, map, mergeMap, of, timer, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StackFrame } from '../../lib/protocol/event';
import { get, PLATFORMS, startModule, type Platform } from '../support/test-app';

function fail(): never {
  throw new Error('m');
}

@Injectable()
class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { url } = context.switchToHttp().getRequest<{ url: string }>();
    return url !== '/guard' || fail();
  }
}

class Pipe implements PipeTransform {
  transform(): never {
    return fail();
  }
}

class Before implements NestInterceptor {
  intercept(): never {
    return fail();
  }
}

class After implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map(() => fail()));
  }
}

@Catch()
class Filter implements ExceptionFilter {
  catch(_exception: unknown, _host: ArgumentsHost): never {
    return fail();
  }
}

class Service {
  find(): Observable<unknown> {
    return timer(1).pipe(
      concatMap((value) => of(value)),
      map((value) => value),
      mergeMap(() => fail()),
    );
  }
}

@Controller()
@UseGuards(Guard)
class Orders {
  private readonly service = new Service();

  constructor(private readonly client: RavenClient) {}

  @Get('sync')
  sync(): never {
    return fail();
  }

  @Get('async')
  async async(): Promise<never> {
    await new Promise((resolve) => setImmediate(resolve));
    return fail();
  }

  @Get('guard')
  guarded(): void {}

  @Get('pipe/:id')
  piped(@Param('id', Pipe) _id: string): void {}

  @Get('before')
  @UseInterceptors(Before)
  before(): void {}

  @Get('after')
  @UseInterceptors(After)
  after(): void {}

  @Get('filter')
  @UseFilters(Filter)
  filtered(): never {
    throw new BadGatewayException('first');
  }

  @Get('service')
  observed(): Observable<unknown> {
    return this.service.find();
  }

  @Get('message')
  message(): void {
    this.client.captureMessage('m', { stack: true });
  }
}

function middleware(
  { originalUrl: url }: { originalUrl?: string },
  _response: unknown,
  next: () => void,
): void {
  if (url?.startsWith('/middleware')) fail();
  next();
}

const HANDLED: [what: string, path: string, own: string[]][] = [
  ['a controller', '/sync', ['Orders.sync', 'fail']],
  ['an asynchronous handler', '/async', ['Orders.async', 'fail']],
  ['a guard', '/guard', ['middleware', 'Guard.canActivate', 'fail']],
  ['a pipe', '/pipe/1', ['Pipe.transform', 'fail']],
  ['an interceptor before the handler', '/before', ['Before.intercept', 'fail']],
  ['an interceptor after the handler', '/after', ['<anonymous>', 'fail']],
  ['a filter', '/filter', ['Filter.catch', 'fail']],
  ['a service behind RxJS', '/service', ['<anonymous>', 'fail']],
  ['middleware', '/middleware', ['middleware', 'fail']],
];

const PLUMBING =
  /^node_modules\/(?:@nestjs|@fastify\/middie|express|fastify|router|rxjs|avvio|find-my-way)\//;

async function startShop(
  platform: Platform,
  options: RavenOptions = {},
): Promise<{ app: INestApplication; framesOf: (path: string) => Promise<StackFrame[]> }> {
  const transport = new RecordingTransport();
  @Module({
    imports: [
      RavenModule.forRoot({
        dsn: 'http://key@localhost/1',
        transport,
        installProcessHandlers: false,
        ...options,
      }),
    ],
    controllers: [Orders],
  })
  class AppModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(middleware).forRoutes('*path');
    }
  }
  const app = await startModule(AppModule, platform);
  const framesOf = async (path: string): Promise<StackFrame[]> => {
    transport.clear();
    await get(app, path);
    await app.get(RavenClient).flush(5000);
    const { exception, threads } = transport.events.at(-1) ?? {};
    return (exception ?? threads)?.values.at(-1)?.stacktrace?.frames ?? [];
  };
  return { app, framesOf };
}

function inAppOf(frames: StackFrame[]): (string | undefined)[] {
  return frames.filter((frame) => frame.in_app).map((frame) => frame.function);
}

function longestRun(frames: StackFrame[]): number {
  let run = 0;
  return Math.max(...frames.map(({ filename }) => (run = PLUMBING.test(filename ?? '') ? run + 1 : 0)));
}

const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 100));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

describe.each(PLATFORMS)('the stack of an error on %s in', (platform) => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  beforeAll(async () => {
    shop = await startShop(platform);
  });
  afterAll(() => shop.app.close());

  it.each(HANDLED)('%s has the app’s frames, and Nest’s by their ends', async (_what, path, own) => {
    const frames = await shop.framesOf(path);
    expect(inAppOf(frames)).toEqual(own);
    expect(frames.at(-1)).toMatchObject({ function: 'fail', filename: 'test/stacks/nest.spec.ts' });
    expect(longestRun(frames)).toBeLessThanOrEqual(2);
  });
});

describe('the stack of a message in a handler', () => {
  it('has Nest’s frames by their ends, and ends in the call', async () => {
    const { app, framesOf } = await startShop('express');
    onTestFinished(() => app.close());
    const frames = await framesOf('/message');
    expect(frames.at(-1)?.function).toBe('Orders.message');
    expect([inAppOf(frames), longestRun(frames)]).toEqual([['Orders.message'], 2]);
  });
});

describe('collapseFrames', () => {
  it('keeps all of Nest’s frames where it is false', async () => {
    const { app, framesOf } = await startShop('express', { collapseFrames: false });
    onTestFinished(() => app.close());
    expect(longestRun(await framesOf('/guard'))).toBeGreaterThan(5);
  });

  it('leaves frames alone that are the app’s by includePaths', async () => {
    const { app, framesOf } = await startShop('express', { includePaths: ['@nestjs/core'] });
    onTestFinished(() => app.close());
    const frames = await framesOf('/service');
    expect(frames.at(-1)?.function).toBe('fail');
    const guarded = await framesOf('/guard');
    expect(
      guarded.filter((frame) => frame.filename?.startsWith('node_modules/@nestjs/core')).length,
    ).toBeGreaterThan(4);
  });
});
