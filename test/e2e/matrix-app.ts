import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import {
  BadRequestException,
  Body,
  Catch,
  Controller,
  Get,
  Injectable,
  Module,
  NotFoundException,
  Query,
  Post,
  Scope,
  ServiceUnavailableException,
  Sse,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CanActivate,
  type CallHandler,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type MiddlewareConsumer,
  type NestInterceptor,
  type NestModule,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { concatMap, map, of, throwError } from 'rxjs';

export type Platform = 'express' | 'fastify';

/** An error of the app's own that is no HttpException. */
export class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** How the app's own filters are there; each answers with its own status, so that a difference would show. */
export const FILTERS = [
  'none',
  'global by APP_FILTER',
  'global by useGlobalFilters',
  'on the controller, by class',
  'on the method, by class',
  'by instance',
  'request-scoped',
  'request-scoped by APP_FILTER',
  'async',
  'catch-all that answers 418',
  'catch-all that answers 503',
  'of another type of error',
  'that throws',
] as const;
export type FilterKind = (typeof FILTERS)[number];

/** Where the error is raised: the path to ask for. */
export const PLACES = [
  'middleware',
  'class-middleware',
  'raw-middleware',
  'guard',
  'interceptor-before',
  'interceptor-after',
  'pipe',
  'sync',
  'async',
  'observable',
  'string',
  'not-found',
  'unavailable',
  'stream',
  'sse',
  'sse-sync',
  'async-iterable',
  'unknown-route',
  'body-parser',
  'ok',
] as const;
export type Place = (typeof PLACES)[number];

/** Tells that the client has read a first part of a place's answer. */
const clientReads = new EventEmitter();

abstract class Answering implements ExceptionFilter {
  abstract readonly status: number;
  constructor(private readonly adapterHost?: HttpAdapterHost) {}
  protected adapter: HttpAdapterHost['httpAdapter'] | undefined;

  catch(exception: unknown, host: ArgumentsHost): void | Promise<void> {
    const response = host.switchToHttp().getResponse<{ headersSent?: boolean; sent?: boolean }>();
    if (response.headersSent || response.sent) return;
    const adapter = this.adapterHost?.httpAdapter ?? AdapterBox.current;
    adapter?.reply(response, { mine: this.status, saw: String(exception) }, this.status);
  }
}

/** The adapter of the app being tested, for filters that are made by hand. */
export const AdapterBox: { current: HttpAdapterHost['httpAdapter'] | undefined } = { current: undefined };

function filterOf(kind: FilterKind): Type<ExceptionFilter> {
  @Catch(OrderError)
  @Injectable()
  class OwnFilter extends Answering {
    readonly status = 422;
  }
  @Catch(OrderError)
  @Injectable({ scope: Scope.REQUEST })
  class ScopedFilter extends Answering {
    readonly status = 423;
  }
  @Catch(OrderError)
  @Injectable()
  class AsyncFilter extends Answering {
    readonly status = 424;
    override async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
      await new Promise((resolve) => setImmediate(resolve));
      await super.catch(exception, host);
    }
  }
  @Catch()
  @Injectable()
  class Teapot extends Answering {
    readonly status = 418;
  }
  @Catch()
  @Injectable()
  class Unavailable extends Answering {
    readonly status = 503;
  }
  @Catch(RangeError)
  @Injectable()
  class RangeFilter extends Answering {
    readonly status = 416;
  }
  @Catch(OrderError)
  @Injectable()
  class ThrowingFilter implements ExceptionFilter {
    catch(): void {
      throw new Error('the filter itself');
    }
  }
  switch (kind) {
    case 'request-scoped':
    case 'request-scoped by APP_FILTER':
      return ScopedFilter;
    case 'async':
      return AsyncFilter;
    case 'catch-all that answers 418':
      return Teapot;
    case 'catch-all that answers 503':
      return Unavailable;
    case 'of another type of error':
      return RangeFilter;
    case 'that throws':
      return ThrowingFilter;
    default:
      return OwnFilter;
  }
}

/** A module with a route for each place, and the filter of the given kind. */
function appModule(kind: FilterKind, extra: (DynamicModule | Type)[]): Type {
  const Filter = filterOf(kind);
  const none = (): void => {};
  const onClass: ClassDecorator = kind === 'on the controller, by class' ? UseFilters(Filter) : none;
  const onMethod = (
    [
      'on the method, by class',
      'request-scoped',
      'async',
      'that throws',
      'of another type of error',
    ] as FilterKind[]
  ).includes(kind)
    ? UseFilters(Filter)
    : kind === 'by instance'
      ? UseFilters(new Filter())
      : (none as MethodDecorator);

  @Injectable()
  class FailingGuard implements CanActivate {
    canActivate(): boolean {
      throw new OrderError('guard');
    }
  }
  @Injectable()
  class FailingPipe implements PipeTransform {
    transform(): never {
      throw new OrderError('pipe');
    }
  }
  @Injectable()
  class Before implements NestInterceptor {
    intercept(): never {
      throw new OrderError('interceptor-before');
    }
  }
  @Injectable()
  class After implements NestInterceptor {
    intercept(_: ExecutionContext, next: CallHandler) {
      return next.handle().pipe(
        map(() => {
          throw new OrderError('interceptor-after');
        }),
      );
    }
  }

  @onClass
  @Controller()
  class OrdersController {
    @onMethod
    @Get('ok')
    ok() {
      return { ok: true };
    }
    @onMethod
    @Get('middleware')
    afterMiddleware() {}
    @onMethod
    @Get('class-middleware')
    afterClassMiddleware() {}
    @onMethod
    @Get('raw-middleware')
    afterRawMiddleware() {}
    @onMethod
    @Get('guard')
    @UseGuards(FailingGuard)
    guard() {}
    @onMethod
    @Get('interceptor-before')
    @UseInterceptors(Before)
    before() {}
    @onMethod
    @Get('interceptor-after')
    @UseInterceptors(After)
    after() {
      return 1;
    }
    @onMethod
    @Get('pipe')
    pipe(@Query('id', FailingPipe) id: string) {
      return id;
    }
    @onMethod
    @Get('sync')
    sync() {
      throw new OrderError('sync');
    }
    @onMethod
    @Get('async')
    async async() {
      await Promise.resolve();
      throw new OrderError('async');
    }
    @onMethod
    @Get('observable')
    observable() {
      return throwError(() => new OrderError('observable'));
    }
    @onMethod
    @Get('string')
    string() {
      throw 'a string';
    }
    @onMethod
    @Get('not-found')
    notFound() {
      throw new NotFoundException('no such order');
    }
    @onMethod
    @Get('unavailable')
    unavailable() {
      throw new ServiceUnavailableException();
    }
    @onMethod
    @Get('stream')
    stream() {
      return new StreamableFile(
        Readable.from(
          (function* () {
            yield Buffer.alloc(100_000, 'x');
            throw new OrderError('stream');
          })(),
        ),
      ).setErrorLogger(() => {});
    }
    @onMethod
    @Sse('sse')
    sse() {
      return of(1, 2).pipe(
        concatMap(async (value) => {
          if (value === 2) {
            await once(clientReads, 'sse');
            throw new OrderError('sse');
          }
          return { data: { value } };
        }),
      );
    }
    @onMethod
    @Sse('sse-sync')
    sseSync() {
      throw new OrderError('sse-sync');
    }
    @onMethod
    @Get('async-iterable')
    async *asyncIterable() {
      yield 'first';
      await Promise.resolve();
      throw new OrderError('async-iterable');
    }
    @onMethod
    @Post('body-parser')
    body(@Body() body: unknown) {
      return body ?? new BadRequestException();
    }
  }

  @Injectable()
  class ClassMiddleware {
    async use(): Promise<void> {
      await Promise.resolve();
      throw new OrderError('class-middleware');
    }
  }

  const byToken = (
    ['global by APP_FILTER', 'request-scoped by APP_FILTER', 'catch-all that answers 418'] as FilterKind[]
  ).includes(kind);
  @Module({
    imports: extra,
    controllers: [OrdersController],
    providers: byToken ? [{ provide: APP_FILTER, useClass: Filter }] : [],
  })
  class AppModule implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer
        .apply(() => {
          throw new OrderError('middleware');
        })
        .forRoutes('middleware');
      consumer.apply(ClassMiddleware).forRoutes('class-middleware');
    }
  }
  return AppModule;
}

/** Makes and starts such an app. @param extra - modules to import */
export async function startMatrixApp(
  kind: FilterKind,
  platform: Platform,
  extra: (DynamicModule | Type)[],
): Promise<INestApplication> {
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(appModule(kind, extra), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.use('/raw-middleware', (_request: unknown, _response: unknown, next: (error?: unknown) => void) => {
    next(new OrderError('raw-middleware'));
  });
  if (kind === 'global by useGlobalFilters' || kind === 'catch-all that answers 503') {
    const Filter = filterOf(kind);
    app.useGlobalFilters(new Filter(app.get(HttpAdapterHost)));
  }
  AdapterBox.current = app.get(HttpAdapterHost).httpAdapter;
  await app.listen(0, '127.0.0.1');
  return app;
}

/** What a client saw. */
export interface Answer {
  status: number | 'none';
  contentType: string | null;
  body: string;
  headerNames: string[];
  eventId: string | null;
}

/** Asks for a place and reads the whole answer, or as much as comes. */
export async function ask(app: INestApplication, place: Place): Promise<Answer> {
  const url = `${await app.getUrl()}/${place}`;
  const init: RequestInit =
    place === 'body-parser'
      ? { method: 'POST', body: '{"broken', headers: { 'content-type': 'application/json' } }
      : {};
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(5000) });
  } catch {
    return { status: 'none', contentType: null, body: '', headerNames: [], eventId: null };
  }
  let body = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      body += decoder.decode(chunk as Uint8Array);
      clientReads.emit(place);
    }
  } catch {
    body += '<cut off>';
  }
  const names = [...response.headers.keys()].filter(
    (name) => name !== 'x-sentry-id' && name !== 'content-length',
  );
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: body.replace(/"timestamp":"[^"]*"/, ''),
    headerNames: names.sort(),
    eventId: response.headers.get('x-sentry-id'),
  };
}
