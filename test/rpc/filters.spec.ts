/**
 * @context Microservices: strategies of the app's own, on Nest's `Server`
 * @sees handlers, guards, pipes, interceptors, Observables, event handlers, filters that throw
 * @handled RpcException, HttpException below 500, what a filter of the app names
 * @transaction the pattern: `orders.create`
 * @isolated messages of a strategy of the app have scopes of their own
 */
import {
  Catch,
  Controller,
  HttpException,
  Injectable,
  Module,
  Scope,
  UseFilters,
  type ExceptionFilter,
  type INestApplicationContext,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  MessagePattern,
  Server,
  Transport,
  type CustomTransportStrategy,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { firstValueFrom, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { freePort } from '../support/free-port';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import type { AppForm } from './rpc-app';

class OrderError extends Error {}

@Catch(OrderError)
class OrderFilter implements ExceptionFilter {
  catch(exception: OrderError): Observable<never> {
    return throwError(() => ({ status: 'refused', message: exception.message }));
  }
}
@Catch(HttpException)
class HttpFilter implements ExceptionFilter {
  catch(exception: HttpException): Observable<never> {
    return throwError(() => ({ status: 'http', message: exception.message }));
  }
}
@Catch(OrderError)
class BrokenFilter implements ExceptionFilter {
  catch(): never {
    throw new Error('the filter itself');
  }
}

@Controller()
class OrdersController {
  constructor(private readonly raven: RavenClient) {}
  @MessagePattern('fail')
  async fail(data: { id: number }): Promise<void> {
    this.raven.tagsContext({ id: data.id });
    await Promise.resolve();
    throw new OrderError(`fail ${data.id}`);
  }
  @MessagePattern('broken-filter')
  @UseFilters(BrokenFilter)
  brokenFilter(): void {
    throw new OrderError('given to the filter');
  }
  @MessagePattern('http')
  @UseFilters(HttpFilter)
  http(): void {
    throw new HttpException('unavailable', 503);
  }
}

@Injectable({ scope: Scope.REQUEST })
class Scoped {}
@Controller()
class ScopedController {
  constructor(readonly scoped: Scoped) {}
  @MessagePattern('scoped')
  fail(): void {
    throw new OrderError('scoped');
  }
}

/** A transport of the app's own: messages are calls. */
class DirectServer extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    return undefined as T;
  }
  /** @returns what the caller gets: a value, or how it failed */
  async ask(pattern: string, id: number): Promise<unknown> {
    try {
      const answer = (await this.getHandlerByPattern(pattern)?.({ id })) as Observable<unknown>;
      return await firstValueFrom(answer);
    } catch (error) {
      return error;
    }
  }
}

describe('filters of messages', () => {
  let receiver: Receiver;
  let app: INestApplicationContext | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await app?.close();
    await receiver.close();
  });

  async function start(form: AppForm, options: MicroserviceOptions, filters: object[] = []): Promise<void> {
    @Module({
      imports: [RavenModule.forRoot(testOptions(receiver))],
      controllers: [OrdersController, ScopedController],
      providers: [Scoped, ...(filters as never[])],
    })
    class OrdersModule {}
    if (form === 'microservice') {
      const made = await NestFactory.createMicroservice(OrdersModule, { ...options, logger: false });
      await made.listen();
      app = made;
      return;
    }
    const made = await NestFactory.create(OrdersModule, { logger: false });
    made.connectMicroservice(options, { inheritAppConfig: form === 'hybrid that inherits' });
    await made.startAllMicroservices();
    app = await made.init();
  }

  async function tcp(): Promise<MicroserviceOptions> {
    return { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } };
  }

  async function ask(options: MicroserviceOptions, pattern: string): Promise<unknown> {
    const client = ClientProxyFactory.create(options as never) as unknown as {
      send(pattern: string, data: object): Observable<unknown>;
      close(): void;
    };
    const answer = await firstValueFrom(client.send(pattern, { id: 1 })).catch((error: unknown) => error);
    client.close();
    await app?.get(RavenClient).flush(5000);
    return answer;
  }

  it.each<[AppForm, unknown, string[]]>([
    ['microservice', { status: 'refused', message: 'fail 1' }, []],
    ['hybrid that inherits', { status: 'refused', message: 'fail 1' }, []],
    // Nest does not ask the app's global filters here, so nobody handled it.
    ['hybrid', { status: 'error', message: 'Internal server error' }, ['fail 1']],
  ])(
    'in a %s app: a global filter that names the error handled it, where Nest asks it',
    async (form, answer, reported) => {
      const options = await tcp();
      await start(form, options, [{ provide: APP_FILTER, useClass: OrderFilter }]);
      expect(await ask(options, 'fail')).toEqual(answer);
      expect(receiver.events.map(errorOf)).toEqual(reported);
    },
  );

  it('a global filter is asked about handlers in request scope too', async () => {
    const options = await tcp();
    await start('microservice', options, [{ provide: APP_FILTER, useClass: OrderFilter }]);
    await ask(options, 'scoped');
    expect(receiver.events).toEqual([]);
  });

  it('an HttpException of 500 and more is reported, whatever filter names it', async () => {
    const options = await tcp();
    await start('hybrid', options);
    expect(await ask(options, 'http')).toEqual({ status: 'http', message: 'unavailable' });
    expect(receiver.events.map(errorOf)).toEqual(['unavailable']);
  });

  it('a filter that throws is reported', async () => {
    const strategy = new DirectServer();
    await start('microservice', { strategy });
    expect(await strategy.ask('broken-filter', 1)).toMatchObject({ message: 'the filter itself' });
    await app?.get(RavenClient).flush(5000);
    expect(receiver.events.map(errorOf)).toContain('the filter itself');
    expect(receiver.events.find((event) => errorOf(event) === 'the filter itself')?.transaction).toBe(
      'broken-filter',
    );
  });

  it('messages of a strategy of the app have scopes of their own', async () => {
    const strategy = new DirectServer();
    await start('microservice', { strategy });
    await Promise.all(Array.from({ length: 50 }, (_, id) => strategy.ask('fail', id)));
    await app?.get(RavenClient).flush(5000);
    expect(receiver.events).toHaveLength(50);
    for (const event of receiver.events) {
      expect(`fail ${event.tags.id}`).toBe(errorOf(event));
      expect(event.transaction).toBe('fail');
      expect(event.contexts.message).toMatchObject({ transport: 'custom' });
    }
  });
});
