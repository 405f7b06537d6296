import {
  BadRequestException,
  Catch,
  Controller,
  Injectable,
  Module,
  NotFoundException,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplicationContext,
  type LoggerService,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  BaseRpcExceptionFilter,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { concatMap, from, map, of, throwError, type Observable } from 'rxjs';
import { Extra, RavenClient, RavenModule, Tag, type RavenOptions } from 'nestjs-raven';
import { testOptions } from '../support/test-app';
import type { Receiver } from '../support/receiver';

export class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** What the messages of this app carry. */
export interface Message {
  id: number;
  password?: string;
}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new OrderError('guard');
  }
}

/** Knows who sends, as a guard that reads a token does. */
@Injectable()
class SenderGuard implements CanActivate {
  constructor(private readonly raven: RavenClient) {}
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { id } = context.switchToRpc().getData<Message>();
    await Promise.resolve();
    this.raven?.userContext({ id });
    return true;
  }
}

@Injectable()
class FailingPipe implements PipeTransform {
  transform(): never {
    throw new OrderError('pipe');
  }
}

@Injectable()
class FailingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map(() => {
        throw new OrderError('interceptor');
      }),
    );
  }
}

@Catch(OrderError)
class OrderFilter implements ExceptionFilter {
  catch(exception: OrderError): Observable<never> {
    return throwError(() => ({ status: 'refused', message: exception.message }));
  }
}

@Catch()
class CatchAll extends BaseRpcExceptionFilter {
  override catch(exception: Error): Observable<never> {
    return throwError(() => ({ status: 'caught', message: exception.message }));
  }
}

@Catch()
@Injectable({ scope: Scope.REQUEST })
class ScopedFilter implements ExceptionFilter {
  catch(exception: Error, host: ArgumentsHost): Observable<never> {
    const { id } = host.switchToRpc().getData<Message>();
    return throwError(() => ({ status: 'scoped', message: `${exception.message} ${id}` }));
  }
}

/** How the app answers, and what of it is reported: the message of the error, or nothing where it is handled. */
export const MESSAGES: Record<string, string | undefined> = {
  ok: undefined,
  sync: 'sync',
  async: 'async',
  observable: 'observable',
  midway: 'midway',
  guard: 'guard',
  pipe: 'pipe',
  interceptor: 'interceptor',
  'rpc-exception': undefined,
  'bad-request': undefined,
  'filtered-by-class': undefined,
  'filtered-by-instance': undefined,
  'caught-by-all': 'caught-by-all',
  'caught-in-request-scope': 'caught-in-request-scope',
  string: 'a string',
};

export const EVENTS: Record<string, string | undefined> = {
  'event-sync': 'event-sync',
  'event-async': 'event-async',
  'event-observable': 'event-observable',
  'event-rpc-exception': undefined,
};

function controllers(): Type[] {
  @Tag('area', 'orders')
  @Controller()
  class OrdersController {
    @MessagePattern('ok')
    ok(data: Message): Message {
      return data;
    }
    @MessagePattern('sync')
    @Tag('handler', 'sync')
    sync(@Payload() @Extra('order') _data: Message): void {
      throw new OrderError('sync');
    }
    @MessagePattern('async')
    async async(): Promise<void> {
      await Promise.resolve();
      throw new OrderError('async');
    }
    @MessagePattern('observable')
    observable(): Observable<never> {
      return throwError(() => new OrderError('observable'));
    }
    @MessagePattern('midway')
    midway(): Observable<number> {
      return of(1, 2).pipe(
        concatMap(async (value) => {
          await Promise.resolve();
          if (value === 2) throw new OrderError('midway');
          return value;
        }),
      );
    }
    @MessagePattern('guard')
    @Tag('handler', 'guard')
    @UseGuards(FailingGuard)
    guard(): void {}
    @MessagePattern('pipe')
    @UsePipes(FailingPipe)
    pipe(@Payload() data: Message): Message {
      return data;
    }
    @MessagePattern('interceptor')
    @UseInterceptors(FailingInterceptor)
    interceptor(): number {
      return 1;
    }
    @MessagePattern('rpc-exception')
    rpcException(): void {
      throw new RpcException('expected');
    }
    @MessagePattern('bad-request')
    badRequest(): void {
      throw new BadRequestException();
    }
    @MessagePattern('filtered-by-class')
    @UseFilters(OrderFilter)
    filteredByClass(): void {
      throw new OrderError('filtered-by-class');
    }
    @MessagePattern('filtered-by-instance')
    @UseFilters(new OrderFilter())
    async filteredByInstance(): Promise<void> {
      await Promise.resolve();
      throw new OrderError('filtered-by-instance');
    }
    @MessagePattern('caught-by-all')
    @UseFilters(CatchAll)
    caughtByAll(): void {
      throw new OrderError('caught-by-all');
    }
    @MessagePattern('caught-in-request-scope')
    @UseFilters(ScopedFilter)
    caughtInRequestScope(): void {
      throw new OrderError('caught-in-request-scope');
    }
    @MessagePattern('string')
    string(): void {
      throw 'a string';
    }

    @EventPattern('event-sync')
    eventSync(_data: Message): void {
      throw new OrderError('event-sync');
    }
    @EventPattern('event-async')
    async eventAsync(_data: Message): Promise<void> {
      await Promise.resolve();
      throw new OrderError('event-async');
    }
    @EventPattern('event-observable')
    eventObservable(_data: Message): Observable<never> {
      return throwError(() => new OrderError('event-observable'));
    }
    @EventPattern('event-rpc-exception')
    eventRpcException(_data: Message): void {
      throw new RpcException('expected');
    }
  }

  @Controller()
  class WorkController {
    constructor(private readonly raven: RavenClient) {}

    /** Says who is concerned in several ways, each after waiting, and fails. */
    @MessagePattern('work')
    @UseGuards(SenderGuard)
    async work(@Payload() { id }: Message): Promise<void> {
      this.raven?.tagsContext({ first: id });
      await new Promise((resolve) => setImmediate(resolve));
      this.raven?.captureBreadcrumb({ message: `crumb ${id}` });
      await Promise.resolve();
      this.raven?.extraContext({ id });
      throw new OrderError(`work ${id}`);
    }

    @MessagePattern('later')
    later(@Payload() { id }: Message): Observable<never> {
      return from(Promise.resolve()).pipe(
        concatMap(() => {
          this.raven?.tagsContext({ later: id });
          throw new OrderError(`later ${id}`);
        }),
      );
    }
  }

  /** A second handler of an event, and one in request scope. */
  @Controller({ scope: Scope.REQUEST })
  class ScopedController {
    constructor(private readonly raven: RavenClient) {}
    @EventPattern('event-sync')
    also(@Payload() { id }: Message): void {
      this.raven?.tagsContext({ also: id });
      throw new NotFoundException('handled');
    }
    @MessagePattern('scoped')
    scoped(@Payload() { id }: Message): void {
      this.raven?.tagsContext({ scoped: id });
      throw new OrderError(`scoped ${id}`);
    }
  }
  return [OrdersController, WorkController, ScopedController];
}

/** The app's root module; without a receiver, the app as it is without RavenModule. */
export function rpcModule(receiver?: Receiver, options: RavenOptions = {}): Type {
  // The app without the module logs in this process too, outside of any work that a client knows.
  const given = { breadcrumbSources: { logger: false }, ...options };
  const imports: DynamicModule[] = receiver ? [RavenModule.forRoot(testOptions(receiver, given))] : [];
  @Module({
    imports,
    controllers: controllers(),
    providers: receiver ? [] : [{ provide: RavenClient, useValue: null }],
  })
  class RpcModule {}
  return RpcModule;
}

/** How the app is made: alone, or beside HTTP with or without the app's configuration. */
export type AppForm = 'microservice' | 'hybrid' | 'hybrid that inherits';
export const APP_FORMS: AppForm[] = ['microservice', 'hybrid', 'hybrid that inherits'];

export async function startRpc(
  form: AppForm,
  transport: MicroserviceOptions,
  module: Type,
  logger: LoggerService | false = false,
): Promise<INestApplicationContext> {
  if (form === 'microservice') {
    const app = await NestFactory.createMicroservice(module, { ...transport, logger, abortOnError: false });
    await app.listen();
    return app;
  }
  const app = await NestFactory.create(module, { logger, abortOnError: false });
  app.connectMicroservice(transport, { inheritAppConfig: form === 'hybrid that inherits' });
  await app.startAllMicroservices();
  await app.init();
  return app;
}
