import {
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  Module,
  NotFoundException,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { catchError, of, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RavenClient, RavenModule as OwnModule, Tag, type RavenOptions } from 'nestjs-raven';
import {
  RavenInterceptor,
  RavenModule,
  RavenTransformer,
  Severity,
  type IRavenInterceptorOptions,
  type Scope,
} from 'nestjs-raven/compat/nest-raven';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startModule, testOptions, type Platform } from '../support/test-app';

let receiver: Receiver;
let app: INestApplication | undefined;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  vi.unstubAllEnvs();
  await receiver.close();
});

/** Starts an app with the controllers; `everywhere` is a global interceptor. */
async function start(
  controllers: Type[],
  {
    everywhere,
    options = {},
    platform = 'express',
  }: { everywhere?: NestInterceptor; options?: RavenOptions; platform?: Platform } = {},
): Promise<INestApplication> {
  @Module({
    imports: [RavenModule.forRoot(testOptions(receiver, options))],
    controllers,
    providers: everywhere ? [{ provide: APP_INTERCEPTOR, useValue: everywhere }] : [],
  })
  class AppModule {}
  return (app = await startModule(AppModule, platform));
}

/** Asks for the paths, one after another, and ends the app. @returns all that was reported */
async function reportedOf(running: INestApplication, ...paths: string[]): Promise<ReceivedEvent[]> {
  for (const path of paths) await get(running, path);
  await running.close();
  app = undefined;
  return receiver.events;
}

class Teapot extends Error {}

const BELOW_500: IRavenInterceptorOptions = {
  filters: [{ type: HttpException, filter: (exception: HttpException) => 500 > exception.getStatus() }],
};

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): never {
    throw new Teapot('guard');
  }
}

/** An interceptor of the app's own, further out, that handles what comes. */
@Injectable()
class Consoling implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(catchError(() => of('consoled')));
  }
}

@Controller()
class RoutesController {
  @UseInterceptors(new RavenInterceptor())
  @Get('works')
  works(): string {
    return 'works';
  }

  @UseInterceptors(new RavenInterceptor())
  @Get('intercepted')
  async intercepted(): Promise<never> {
    throw new Error('something bad');
  }

  @UseInterceptors(new RavenInterceptor())
  @Get('missing')
  missing(): never {
    throw new HttpException('something not so bad', HttpStatus.NOT_FOUND);
  }

  @UseInterceptors(new RavenInterceptor(BELOW_500))
  @Get('filtered')
  filtered(): never {
    throw new HttpException('something not so bad', HttpStatus.NOT_FOUND);
  }

  @UseInterceptors(new RavenInterceptor(BELOW_500))
  @Get('unavailable')
  unavailable(): never {
    throw new HttpException('unavailable', HttpStatus.SERVICE_UNAVAILABLE);
  }

  @UseInterceptors(new RavenInterceptor({ filters: [{ type: Teapot }] }))
  @Get('teapot')
  teapot(): never {
    throw new Teapot('taken out');
  }

  @UseInterceptors(new RavenInterceptor({ filters: [{ type: Teapot }] }))
  @UseGuards(FailingGuard)
  @Get('guarded')
  guarded(): void {}

  @UseGuards(FailingGuard)
  @Get('guarded-without')
  guardedWithout(): void {}

  @UseInterceptors(new RavenInterceptor({ tags: { type: 'fileUpload' }, level: Severity.Warning }))
  @Get('tags')
  tags(): never {
    throw new Error('tags');
  }

  @UseInterceptors(new RavenInterceptor({ extra: { A: 'AAA' }, fingerprint: ['A', 'B'], level: 'log' }))
  @Get('said')
  said(): never {
    throw new Error('said');
  }

  @UseInterceptors(
    new RavenInterceptor({
      transformers: [
        (scope: Scope, context) => {
          const { query } = context.switchToHttp().getRequest<{ query: Record<string, string> }>();
          scope.addExtra('important key', 'useful value').setExtra('foo', query.foo);
          scope.setExtra('token', 'should be masked');
          scope.setUser({ id: 'u-1' }).setTag('A', 'transformer').setLevel('fatal');
          scope.setContext('cart', { items: 3 });
          scope.addBreadcrumb({ category: 'cart', message: 'filled', timestamp: 1000 });
          scope.addEventProcessor((event) => ({ ...event, logger: 'processed' }));
        },
      ],
    }),
  )
  @RavenTransformer((scope, context) => {
    scope.setTag('A', context.getHandler().name);
  })
  @Get('transformed')
  transformed(): never {
    throw new Error('transformed');
  }

  @UseInterceptors(new RavenInterceptor({ transformers: [(scope) => scope.addEventProcessor(() => null)] }))
  @Get('dropped')
  dropped(): never {
    throw new Error('dropped');
  }

  @UseInterceptors(
    new RavenInterceptor({
      tags: { said: 'before' },
      transformers: [
        () => {
          throw new Error('the transformer itself');
        },
      ],
    }),
  )
  @Get('broken')
  broken(): never {
    throw new Error('broken');
  }

  @UseInterceptors(Consoling, new RavenInterceptor())
  @Get('consoled')
  consoled(): never {
    throw new Error('consoled');
  }
}

describe.each(PLATFORMS)('RavenInterceptor of nest-raven on %s', (platform) => {
  it('reports what passes it once, also what is meant for the caller', async () => {
    const running = await start([RoutesController], { platform });
    const answer = await get(running, '/intercepted');
    expect(answer.status).toBe(500);
    const events = await reportedOf(running, '/works', '/missing');
    expect(events.map(errorOf)).toEqual(['something bad', 'something not so bad']);
    expect(events.map(({ transaction }) => transaction)).toEqual(['GET /intercepted', 'GET /missing']);
    expect(answer.headers.get('x-sentry-id')).toBe(events[0].event_id);
  });

  it('leaves out what its filters name, and so does the module', async () => {
    const running = await start([RoutesController], { platform });
    const events = await reportedOf(running, '/filtered', '/teapot', '/guarded', '/unavailable');
    expect(events.map(errorOf)).toEqual(['unavailable']);
  });

  it('says tags, extra, fingerprint and level', async () => {
    const running = await start([RoutesController], { platform });
    const [tagged, said] = await reportedOf(running, '/tags', '/said');
    expect(tagged).toMatchObject({ tags: { type: 'fileUpload' }, level: 'warning' });
    expect(said).toMatchObject({ extra: { A: 'AAA' }, fingerprint: ['A', 'B'], level: 'info' });
  });

  it('has transformers, its own before those of the handler', async () => {
    const running = await start([RoutesController], { platform });
    const [event] = await reportedOf(running, '/transformed?foo=bar');
    expect(event).toMatchObject({
      extra: { 'important key': 'useful value', foo: 'bar', token: '********' },
      tags: { A: 'transformed' },
      user: { id: 'u-1' },
      level: 'fatal',
      logger: 'processed',
      contexts: { cart: { items: 3 }, response: { status_code: 500 } },
      transaction: 'GET /transformed',
    });
    const filled = event.breadcrumbs.values.find(({ category }) => category === 'cart');
    expect(filled).toMatchObject({ message: 'filled', timestamp: 1000 });
  });
});

describe('RavenInterceptor of nest-raven', () => {
  it('keeps what an event processor drops from being sent', async () => {
    const running = await start([RoutesController]);
    const client = running.get(RavenClient);
    expect(await reportedOf(running, '/dropped')).toEqual([]);
    expect(client.stats().dropped).toEqual({ event_processor: 1 });
  });

  it('reports, and answers the same, though a transformer fails', async () => {
    const running = await start([RoutesController]);
    const answer = await get(running, '/broken');
    expect(await answer.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    const [event] = await reportedOf(running);
    expect(errorOf(event)).toBe('broken');
    expect(event.tags).toMatchObject({ said: 'before' });
  });

  it('reports what another interceptor handles further out', async () => {
    const running = await start([RoutesController]);
    expect(await (await get(running, '/consoled')).text()).toBe('consoled');
    const events = await reportedOf(running);
    expect(events.map(errorOf)).toEqual(['consoled']);
  });

  it('stands for the whole app as APP_INTERCEPTOR: each error once, and its filters hold for guards too', async () => {
    @Controller()
    class PlainController {
      @Get('error')
      error(): never {
        throw new Error('error');
      }
      @Get('missing')
      missing(): never {
        throw new NotFoundException();
      }
      @UseGuards(FailingGuard)
      @Get('guarded')
      guarded(): void {}
      @Get('teapot')
      teapot(): never {
        throw new Teapot('taken out');
      }
    }
    const everywhere = new RavenInterceptor({ filters: [...(BELOW_500.filters ?? []), { type: Teapot }] });
    const running = await start([PlainController], { everywhere });
    const events = await reportedOf(running, '/error', '/missing', '/guarded', '/teapot', '/unknown');
    expect(events.map(errorOf)).toEqual(['error']);
  });

  it('is told by its class, and extended', async () => {
    class OursInterceptor extends RavenInterceptor {
      constructor() {
        super({ filters: [{ type: Teapot }], tags: { ours: 'yes' } });
      }
    }
    @UseInterceptors(OursInterceptor)
    @Controller()
    class OursController {
      @Get('error')
      error(): never {
        throw new Error('error');
      }
      @UseGuards(FailingGuard)
      @Get('guarded')
      guarded(): void {}
      @UseInterceptors(RavenInterceptor)
      @Get('both')
      both(): never {
        throw new Teapot('both');
      }
    }
    const running = await start([OursController]);
    const events = await reportedOf(running, '/error', '/guarded', '/both');
    // The inner one has no filters, and wants it.
    expect(events.map(errorOf)).toEqual(['error', 'both']);
    expect(events[0].tags).toMatchObject({ ours: 'yes' });
  });

  it('is extended by a class that says itself what is reported, of errors of guards too', async () => {
    class OursInterceptor extends RavenInterceptor {
      override shouldReport(exception: unknown): boolean {
        if (exception instanceof NotFoundException) throw new Error('the class itself');
        return !(exception instanceof Teapot);
      }
    }
    const interceptor = new OursInterceptor({
      tags: { ours: 'yes' },
      include: { request: ['query_string'], user: ['id'] },
    } satisfies IRavenInterceptorOptions<HttpException>);
    @UseInterceptors(interceptor)
    @Controller()
    class OursController {
      @Get('teapot')
      teapot(): never {
        throw new Teapot('teapot');
      }
      @UseGuards(FailingGuard)
      @Get('guarded')
      guarded(): void {}
      @Get('missing')
      missing(): never {
        throw new NotFoundException('missing');
      }
      @Get('error')
      error(): never {
        throw new Error('error');
      }
    }
    const running = await start([OursController]);
    const events = await reportedOf(running, '/teapot', '/guarded', '/missing', '/error');
    expect(events.map(errorOf)).toEqual(['missing', 'error']);
  });

  it('leaves one that stands further in to say what goes along, and decorators the rest', async () => {
    @Tag('part', 'orders')
    @UseInterceptors(new RavenInterceptor({ tags: { from: 'class' } }))
    @Controller()
    class NestedController {
      @Tag('from', 'decorator')
      @UseInterceptors(new RavenInterceptor({ tags: { from: 'method' } }))
      @Get('nested')
      nested(): never {
        throw new Error('nested');
      }
    }
    const running = await start([NestedController], {
      everywhere: new RavenInterceptor({ tags: { from: 'app' } }),
    });
    const events = await reportedOf(running, '/nested');
    expect(events.map(({ tags }) => tags)).toEqual([{ part: 'orders', from: 'method' }]);
  });

  it('says of one request nothing of another that fails with the same error object', async () => {
    const shared = new Error('one for all');
    let waiting: (() => void)[] = [];
    const everywhere = new RavenInterceptor({
      transformers: [
        (scope, context) => {
          scope.setTag('asked', context.switchToHttp().getRequest<{ query: { id: string } }>().query.id);
        },
      ],
    });
    @Controller()
    class SharedController {
      @Get('shared')
      async shared(): Promise<never> {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) for (const go of waiting) go();
        });
        throw shared;
      }
    }
    const running = await start([SharedController], { everywhere });
    await Promise.all([get(running, '/shared?id=1'), get(running, '/shared?id=2')]);
    const events = await reportedOf(running);
    waiting = [];
    const pairs = events.map(({ tags, request }) => `${tags.asked} ${String(request?.query_string)}`);
    expect(pairs.sort()).toEqual(['1 id=1', '2 id=2']);
  });

  it('has no part in what `captureFilter` and `@IgnoreErrors` refuse', async () => {
    const running = await start([RoutesController], {
      options: { captureFilter: (exception) => (exception instanceof HttpException ? false : undefined) },
    });
    const events = await reportedOf(running, '/missing', '/intercepted');
    expect(events.map(errorOf)).toEqual(['something bad']);
  });

  it('of one app has no say in another', async () => {
    const quiet = new RavenInterceptor({ filters: [{ type: Teapot }] });
    const running = await start([RoutesController], { everywhere: quiet });
    const other = await startReceiver();
    @Module({
      imports: [RavenModule.forRoot(testOptions(other))],
      controllers: [RoutesController],
    })
    class OtherModule {}
    const otherApp = await startModule(OtherModule);
    await get(running, '/guarded-without');
    await get(otherApp, '/guarded-without');
    await otherApp.close();
    expect(await reportedOf(running)).toEqual([]);
    expect(other.events.map(errorOf)).toEqual(['guard']);
    await other.close();
  });

  it('has its filters hold beside the package’s own module', async () => {
    @Module({ imports: [OwnModule.forRoot(testOptions(receiver))], controllers: [RoutesController] })
    class AppModule {}
    app = await startModule(AppModule);
    const events = await reportedOf(app, '/teapot', '/missing');
    expect(events.map(errorOf)).toEqual(['something not so bad']);
  });

  it('lets everything through where nothing is reported', async () => {
    const running = await start([RoutesController], { options: { enabled: false } });
    expect((await get(running, '/intercepted')).status).toBe(500);
    expect((await get(running, '/missing')).status).toBe(404);
    expect(await reportedOf(running)).toEqual([]);
  });
});

describe('RavenModule of nest-raven', () => {
  async function startRoot(imported: Type | DynamicModule): Promise<INestApplication> {
    @Module({ imports: [imported], controllers: [RoutesController] })
    class AppModule {}
    return (app = await startModule(AppModule));
  }

  it('takes all from the environment where it is imported as it stands', async () => {
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('SENTRY_ENVIRONMENT', 'staging');
    const running = await startRoot(RavenModule);
    const events = await reportedOf(running, '/intercepted', '/teapot');
    expect(events.map(errorOf)).toEqual(['something bad']);
    expect(events[0].environment).toBe('staging');
  });

  it('takes what Sentry.init was given', async () => {
    const running = await startRoot(
      RavenModule.forRoot({
        ...testOptions(receiver),
        release: null,
        environment: 'staging',
        initialScope: { tags: { team: 'shop' }, user: { id: 'u-0' } },
        ignoreErrors: [/not so/, 'TypeError: bad'],
        beforeSend: (event) => ({ ...event, extra: { sent: 'by us' } }),
      }),
    );
    const events = await reportedOf(running, '/missing', '/intercepted');
    expect(events.map(errorOf)).toEqual(['something bad']);
    expect(events[0]).toMatchObject({
      environment: 'staging',
      tags: { team: 'shop' },
      user: { id: 'u-0' },
      extra: { sent: 'by us' },
    });
  });

  it('sees what no interceptor does', async () => {
    const running = await start([RoutesController]);
    const events = await reportedOf(running, '/guarded-without');
    expect(events.map(errorOf)).toEqual(['guard']);
  });

  it('stops the app where an option is of nobody’s', async () => {
    await expect(startRoot(RavenModule.forRoot({ dns: receiver.dsn() } as never))).rejects.toThrow(
      'RavenModule: unknown option "dns"',
    );
  });

  it('says once of each option of an interceptor that it has no effect', async () => {
    @UseInterceptors(new RavenInterceptor({ request: false, context: 'Http' }))
    @Controller()
    class OptionsController {
      @Get('one')
      @UseInterceptors(new RavenInterceptor({ request: true, user: undefined, tags: { a: 'b' } }))
      one(): never {
        throw new Error('one');
      }
    }
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    try {
      const running = await start([OptionsController]);
      expect(await reportedOf(running, '/one', '/one')).toHaveLength(2);
      expect(warn.mock.calls.flat()).toEqual([
        'RavenInterceptor: the option "request" has no effect: the module tells of the request by itself; remove it',
        'RavenInterceptor: the option "context" has no effect: what kind of handler it is, Nest tells; remove it',
      ]);
    } finally {
      warn.mockRestore();
    }
  });

  it('answers a forbidden request as ever', async () => {
    @UseInterceptors(new RavenInterceptor(BELOW_500))
    @Controller()
    class ClosedController {
      @Get('closed')
      closed(): never {
        throw new ForbiddenException('closed');
      }
    }
    const running = await start([ClosedController]);
    const answer = await get(running, '/closed');
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { statusCode: 403, error: 'Forbidden', message: 'closed' },
    ]);
    expect(await reportedOf(running)).toEqual([]);
  });
});
