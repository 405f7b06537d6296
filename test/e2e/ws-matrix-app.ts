import {
  Catch,
  Injectable,
  NotFoundException,
  Scope,
  ServiceUnavailableException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  BaseWsExceptionFilter,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets';
import { concatMap, from, map, of, throwError } from 'rxjs';
import { sendTo, startWsApp, type WsAppOptions } from '../support/ws-app';
import type { Frame, WsClient, WsPlatform } from '../support/ws-client';

/** An error of the app's own. */
export class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** How the app's own filters are there. */
export const FILTERS = [
  'none',
  'global by APP_FILTER',
  'global by useGlobalFilters',
  'on the gateway, by class',
  'on the gateway, by instance',
  'on the method, by class',
  'on the method, by instance',
  'on both',
  'request-scoped',
  'async',
  'catch-all',
  "catch-all that extends Nest's",
  'of another type of error',
  'that throws',
] as const;
export type FilterKind = (typeof FILTERS)[number];

/** Filters that are asked, and name the error's class. */
export const TAKING: readonly FilterKind[] = [
  'on the gateway, by class',
  'on the gateway, by instance',
  'on the method, by class',
  'on the method, by instance',
  'on both',
  'request-scoped',
  'async',
];

/** Where the error is raised: the event to send. */
export const PLACES = [
  'guard',
  'interceptor-before',
  'interceptor-after',
  'pipe',
  'sync',
  'async',
  'observable',
  'midway',
  'promised-observable',
  'string',
  'unavailable',
  'not-found',
  'expected',
  'forbidden',
  'ok',
  'several',
  'silent',
] as const;
export type Place = (typeof PLACES)[number];

/** Places where an OrderError is raised. */
export const ORDER_ERRORS = new Set<Place>([
  'guard',
  'interceptor-before',
  'interceptor-after',
  'pipe',
  'sync',
  'async',
  'observable',
  'midway',
  'promised-observable',
]);

function answer(host: ArgumentsHost, mine: string, exception: unknown): void {
  const ws = host.switchToWs();
  sendTo(ws.getClient(), 'exception', { mine, saw: String(exception), pattern: ws.getPattern() });
}

function filterOf(kind: FilterKind): Type<ExceptionFilter> {
  @Catch(OrderError)
  @Injectable()
  class OwnFilter implements ExceptionFilter {
    catch(exception: unknown, host: ArgumentsHost): void {
      answer(host, 'own', exception);
    }
  }
  @Catch(OrderError)
  @Injectable({ scope: Scope.REQUEST })
  class ScopedFilter extends OwnFilter {}
  @Catch(OrderError)
  class AsyncFilter implements ExceptionFilter {
    async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
      await Promise.resolve();
      answer(host, 'async', exception);
    }
  }
  @Catch()
  class CatchAll implements ExceptionFilter {
    catch(exception: unknown, host: ArgumentsHost): void {
      answer(host, 'all', exception);
    }
  }
  @Catch()
  class Extending extends BaseWsExceptionFilter {
    override catch(exception: unknown, host: ArgumentsHost): void {
      super.catch(exception, host);
    }
  }
  @Catch(RangeError)
  class RangeFilter extends OwnFilter {}
  @Catch(OrderError)
  class ThrowingFilter implements ExceptionFilter {
    catch(): void {
      throw new Error('the filter itself');
    }
  }
  switch (kind) {
    case 'request-scoped':
      return ScopedFilter;
    case 'async':
      return AsyncFilter;
    case 'catch-all':
      return CatchAll;
    case "catch-all that extends Nest's":
      return Extending;
    case 'of another type of error':
      return RangeFilter;
    case 'that throws':
      return ThrowingFilter;
    default:
      return OwnFilter;
  }
}

function decoratorsOf(kind: FilterKind): {
  onClass: ClassDecorator;
  onMethod: MethodDecorator;
  Filter: Type<ExceptionFilter>;
} {
  const Filter = filterOf(kind);
  const none = (): void => {};
  const use = UseFilters(kind.endsWith('by instance') ? new Filter() : Filter);
  const isGlobal = kind === 'none' || kind.startsWith('global');
  const isOnClass = kind.startsWith('on the gateway') || kind === 'on both';
  return {
    Filter,
    onClass: isOnClass ? use : none,
    onMethod: !isGlobal && (!isOnClass || kind === 'on both') ? use : (none as MethodDecorator),
  };
}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new OrderError('guard');
  }
}
@Injectable()
class ForbiddingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
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

/** Three answers, of which the third is an error. */
function failing(message: string) {
  return from([1, 2, 3]).pipe(
    concatMap(async (data) => {
      await Promise.resolve();
      if (data === 3) throw new OrderError(message);
      return { event: 'part', data };
    }),
  );
}

function gatewayOf({ onClass, onMethod }: ReturnType<typeof decoratorsOf>): Type {
  @onClass
  @WebSocketGateway()
  class OrdersGateway {
    @onMethod
    @SubscribeMessage('ok')
    ok(@MessageBody() data: unknown) {
      return { event: 'ok', data };
    }
    @onMethod
    @SubscribeMessage('several')
    several() {
      return of({ event: 'part', data: 1 }, { event: 'part', data: 2 });
    }
    @onMethod
    @SubscribeMessage('silent')
    silent() {}
    @onMethod
    @UseGuards(FailingGuard)
    @SubscribeMessage('guard')
    guard() {}
    @onMethod
    @UseGuards(ForbiddingGuard)
    @SubscribeMessage('forbidden')
    forbidden() {}
    @onMethod
    @UseInterceptors(Before)
    @SubscribeMessage('interceptor-before')
    before() {}
    @onMethod
    @UseInterceptors(After)
    @SubscribeMessage('interceptor-after')
    after() {
      return 1;
    }
    @onMethod
    @SubscribeMessage('pipe')
    pipe(@MessageBody(FailingPipe) data: unknown) {
      return data;
    }
    @onMethod
    @SubscribeMessage('sync')
    sync() {
      throw new OrderError('sync');
    }
    @onMethod
    @SubscribeMessage('async')
    async async() {
      await Promise.resolve();
      throw new OrderError('async');
    }
    @onMethod
    @SubscribeMessage('observable')
    observable() {
      return throwError(() => new OrderError('observable'));
    }
    @onMethod
    @SubscribeMessage('midway')
    midway() {
      return failing('midway');
    }
    @onMethod
    @SubscribeMessage('promised-observable')
    async promisedObservable() {
      await Promise.resolve();
      return failing('promised-observable');
    }
    @onMethod
    @SubscribeMessage('string')
    string() {
      throw 'a string';
    }
    @onMethod
    @SubscribeMessage('unavailable')
    unavailable() {
      throw new ServiceUnavailableException();
    }
    @onMethod
    @SubscribeMessage('not-found')
    notFound() {
      throw new NotFoundException('no such order');
    }
    @onMethod
    @SubscribeMessage('expected')
    expected() {
      throw new WsException({ code: 12, reason: 'expected' });
    }
    @SubscribeMessage('ping')
    ping() {
      return { event: 'pong', data: null };
    }
  }
  return OrdersGateway;
}

/** Makes and starts an app with a handler for each place, and the filter of the given kind. */
export function startMatrixApp(
  kind: FilterKind,
  platform: WsPlatform,
  options: WsAppOptions,
): Promise<INestApplication> {
  const decorators = decoratorsOf(kind);
  const isByToken = kind === 'global by APP_FILTER';
  return startWsApp(
    platform,
    {
      providers: [
        gatewayOf(decorators),
        ...(isByToken ? [{ provide: APP_FILTER, useClass: decorators.Filter }] : []),
      ],
    },
    {
      ...options,
      prepare: (app) => {
        if (kind === 'global by useGlobalFilters') app.useGlobalFilters(new decorators.Filter());
      },
    },
  );
}

/**
 * Sends the event of a place and gives all that comes back. Nothing in the app waits for more than promises, so
 * messages that are sent later are answered after all that this one leads to.
 */
export async function framesOf(client: WsClient, place: Place): Promise<Frame[]> {
  client.frames.length = 0;
  client.send(place, { id: 1 });
  for (const pongs of [1, 2]) {
    client.send('ping', {});
    while (client.frames.filter(([event]) => event === 'pong').length < pongs) {
      await client.waitFor(client.frames.length + 1);
    }
  }
  return client.frames.filter(([event]) => event !== 'pong');
}
