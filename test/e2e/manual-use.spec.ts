import {
  Catch,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, BaseExceptionFilter, ModulesContainer } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenExceptionFilter, RavenInterceptor, type RavenOptions } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp, type TestApp } from '../support/test-app';

class OrderError extends Error {}
class QuotaError extends OrderError {}

/** A filter of the app's own, on handlers and shared by apps. */
@Catch(OrderError)
class OrderFilter extends BaseExceptionFilter<OrderError> {
  override catch(exception: OrderError, host: ArgumentsHost): void {
    super.catch(new HttpException(exception.message, 422) as never, host);
  }
}

class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

function routes(): TestApp {
  @Controller()
  class PlainController {
    @Get('fail')
    fail(): void {
      throw new Error('fail');
    }
    @Get('missing')
    missing(): void {
      throw new NotFoundException('missing');
    }
    @Get('guard')
    @UseGuards(FailingGuard)
    guard(): void {}
    @Get('order')
    @UseFilters(OrderFilter)
    order(): void {
      throw new OrderError('order');
    }
    @Get('quota')
    @UseFilters(OrderFilter)
    quota(): void {
      throw new QuotaError('quota');
    }
  }

  @UseInterceptors(RavenInterceptor)
  @UseFilters(RavenExceptionFilter)
  @Controller('marked')
  class MarkedController extends PlainController {}
  return { controllers: [PlainController, MarkedController] };
}

/** What is asked for, the status Nest answers, and what is reported. */
const EXPECTED: [path: string, status: number, reported: string[]][] = [
  ['/fail', 500, ['fail']],
  ['/missing', 404, []],
  ['/guard', 500, ['guard']],
  ['/order', 422, []],
  ['/nowhere', 404, []],
];

describe.each(PLATFORMS)('on %s', (platform) => {
  let receiver: Receiver;
  const apps: INestApplication[] = [];
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await receiver.close();
  });

  async function start(parts: TestApp, options: RavenOptions = {}, to = receiver): Promise<INestApplication> {
    const app = await startApp(to, parts, options, platform);
    apps.push(app);
    return app;
  }

  async function reportedFor(
    app: INestApplication,
    path: string,
  ): Promise<[number, unknown, (string | undefined)[]]> {
    receiver.events.length = 0;
    const response = await get(app, path);
    await app.get(RavenClient).flush(5000);
    return [response.status, await response.json(), receiver.events.map(errorOf)];
  }

  it.each<[string, TestApp['providers'], boolean]>([
    ['nothing by hand', [], false],
    ['RavenExceptionFilter as APP_FILTER', [{ provide: APP_FILTER, useClass: RavenExceptionFilter }], false],
    [
      'RavenInterceptor as APP_INTERCEPTOR',
      [{ provide: APP_INTERCEPTOR, useClass: RavenInterceptor }],
      false,
    ],
    ['RavenExceptionFilter by useGlobalFilters', [], true],
    [
      'both, and the filter twice',
      [
        { provide: APP_INTERCEPTOR, useClass: RavenInterceptor },
        { provide: APP_FILTER, useClass: RavenExceptionFilter },
      ],
      true,
    ],
  ])('an error is reported once with %s, and answered as ever', async (_, providers, byHand) => {
    const app = await start({ ...routes(), providers });
    if (byHand) app.useGlobalFilters(new RavenExceptionFilter());
    const plain = await start(routes());
    for (const prefix of ['', '/marked']) {
      for (const [path, status, reported] of EXPECTED) {
        const [, body] = await reportedFor(plain, path);
        const seen = await reportedFor(app, prefix + path);
        const sameButPath = JSON.parse(JSON.stringify(seen[1]).replace('/marked', '')) as unknown;
        expect([path, seen[0], sameButPath, seen[2]]).toEqual([path, status, body, reported]);
      }
    }
  });

  it('the header of the event is on the answer of RavenExceptionFilter too', async () => {
    const app = await start(routes());
    const response = await get(app, '/marked/fail');
    const [event] = await receiver.waitForEvents(1);
    expect(response.headers.get('x-sentry-id')).toBe(event.event_id);
  });

  describe('captureFilter', () => {
    it('reports what the rule would not, and not what it would', async () => {
      const seen: unknown[] = [];
      const app = await start(routes(), {
        captureFilter: (exception, context) => {
          seen.push([(exception as Error).message, context.type, context.handlerName, context.statusCode]);
          return exception instanceof NotFoundException;
        },
      });
      expect((await reportedFor(app, '/fail'))[2]).toEqual([]);
      expect((await reportedFor(app, '/missing'))[2]).toEqual(['missing']);
      expect(seen).toEqual([
        ['fail', 'http', 'fail', 500],
        ['missing', 'http', 'missing', 404],
      ]);
    });

    it('reports what a filter of the app answered, and leaves the answer alone', async () => {
      const app = await start(routes(), { captureFilter: (exception) => exception instanceof OrderError });
      const [status, , reported] = await reportedFor(app, '/order');
      expect([status, reported]).toEqual([422, ['order']]);
    });

    it('that answers nothing, or fails, leaves it to the rule', async () => {
      const silent = await start(routes(), { captureFilter: (() => undefined) as never });
      expect((await reportedFor(silent, '/fail'))[2]).toEqual(['fail']);
      expect((await reportedFor(silent, '/missing'))[2]).toEqual([]);
      const broken = await start(routes(), {
        captureFilter: () => {
          throw new Error('broken');
        },
      });
      expect((await reportedFor(broken, '/fail'))[2]).toEqual(['fail']);
      expect((await reportedFor(broken, '/missing'))[2]).toEqual([]);
    });
  });

  it('ignoreExceptions keeps errors from being reported', async () => {
    const app = await start(routes(), { ignoreExceptions: [Error] });
    const [status, , reported] = await reportedFor(app, '/fail');
    expect([status, reported]).toEqual([500, []]);
  });

  it('filters shared by two apps in one process report to the client of the app that ran them', async () => {
    const other = await startReceiver();
    const parts = routes();
    const options: RavenOptions = { captureFilter: () => true };
    const first = await start(parts, options);
    const second = await start(parts, options, other);
    await get(first, '/order');
    await get(second, '/quota');
    await get(second, '/marked/fail');
    for (const app of [first, second]) await app.get(RavenClient).flush(5000);
    expect(receiver.events.map(errorOf)).toEqual(['order']);
    expect(other.events.map(errorOf).toSorted()).toEqual(['fail', 'quota']);

    await apps.shift()?.close();
    await get(second, '/fail');
    await second.get(RavenClient).flush(5000);
    expect(other.events).toHaveLength(3);
    await other.close();
  });

  it('what was put on the app is taken away on close', async () => {
    const parts = routes();
    const types = parts.controllers as { prototype: Record<string, object> }[];
    const metadata = (): unknown[] =>
      types.flatMap((type) =>
        Object.getOwnPropertyNames(type.prototype).map((name) => {
          const method = type.prototype[name];
          return [
            name,
            method,
            ...Reflect.getOwnMetadataKeys(method).map((key: unknown) => [
              key,
              Reflect.getOwnMetadata(key, method),
            ]),
          ];
        }),
      );
    const before = metadata();
    const filter = OrderFilter.prototype.catch;
    const base = BaseExceptionFilter.prototype.catch;

    const app = await start(parts);
    expect(app.get(ModulesContainer).size).toBeGreaterThan(0);
    expect(metadata()).not.toEqual(before);
    const adapter = app.getHttpAdapter() as object;
    expect(Object.hasOwn(adapter, 'reply')).toBe(true);
    apps.splice(0);
    await app.close();

    expect(metadata()).toEqual(before);
    expect(OrderFilter.prototype.catch).toBe(filter);
    expect(BaseExceptionFilter.prototype.catch).toBe(base);
    expect(Object.hasOwn(adapter, 'reply')).toBe(false);
  });

  it('a disabled client puts nothing on the app', async () => {
    const parts = routes();
    const app = await start(parts, { enabled: false });
    expect(Object.hasOwn(app.getHttpAdapter() as object, 'reply')).toBe(false);
    const [status, , reported] = await reportedFor(app, '/fail');
    expect([status, reported]).toEqual([500, []]);
  });

  it('a filter that extends RavenExceptionFilter is a filter of the app', async () => {
    @Catch()
    class Own extends RavenExceptionFilter implements ExceptionFilter {
      override catch(exception: unknown, host: ArgumentsHost): unknown {
        return super.catch(
          exception instanceof OrderError ? new HttpException('mine', 409) : exception,
          host,
        );
      }
    }
    @Controller()
    class OwnController {
      @Get('fail')
      @UseFilters(Own)
      fail(): void {
        throw new Error('fail');
      }
      @Get('order')
      @UseFilters(Own)
      order(): void {
        throw new OrderError('order');
      }
    }
    const app = await start({ controllers: [OwnController] });
    expect((await reportedFor(app, '/fail')).flat()).toEqual([500, expect.anything(), 'fail']);
    expect((await reportedFor(app, '/order')).flat()).toEqual([409, expect.anything()]);
  });
});
