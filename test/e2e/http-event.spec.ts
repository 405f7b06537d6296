import {
  All,
  Body,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Param,
  Post,
  Scope,
  VERSION_NEUTRAL,
  Version,
  VersioningType,
  type INestApplication,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { NestFactory, RouterModule } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, type RavenOptions } from 'nestjs-raven';
import { startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, PLATFORMS, testOptions, type Platform } from '../support/test-app';

@Controller('orders')
class OrdersController {
  @Get(':id')
  find(@Param('id') id: string): void {
    throw new Error(`order ${id}`);
  }

  @Post()
  create(@Body() body: unknown): void {
    throw new HttpException({ body }, 503);
  }

  @All('all/*')
  all(): void {
    throw new Error('all');
  }

  @Version('2')
  @Get('versioned/:id')
  versioned(): void {
    throw new Error('versioned');
  }
}

@Controller({ path: 'items', version: VERSION_NEUTRAL })
class NestedController {
  @Get(':item')
  find(): void {
    throw new Error('nested');
  }

  @Get()
  list(): void {
    throw new Error('list');
  }
}
@Module({ controllers: [NestedController] })
class NestedModule {}

@Injectable({ scope: Scope.REQUEST })
class RequestScoped {
  constructor(readonly raven: RavenClient) {}
}
@Controller('scoped')
class ScopedController {
  constructor(private readonly service: RequestScoped) {}
  @Get(':id')
  find(@Param('id') id: string): void {
    this.service.raven.tagsContext({ scoped: id });
    throw new Error('scoped');
  }
}

describe.each<Platform>(PLATFORMS)('an error over HTTP on %s: the event has', (platform) => {
  let receiver: Receiver;
  let app: INestApplication | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await receiver.close();
  });

  async function start(
    options: RavenOptions = {},
    configure: (application: INestApplication) => void = () => {},
    user?: unknown,
  ): Promise<INestApplication> {
    @Module({
      imports: [
        RavenModule.forRoot(testOptions(receiver, options)),
        NestedModule,
        RouterModule.register([{ path: 'shops/:shop', module: NestedModule }]),
      ],
      controllers: [OrdersController, ScopedController],
      providers: [RequestScoped],
    })
    class AppModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer
          .apply((_request: unknown, _response: unknown, next: (error: Error) => void) =>
            next(new Error('middleware')),
          )
          .forRoutes('refused');
      }
    }
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
    app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
    if (user !== undefined) {
      app.useGlobalGuards({
        canActivate: (context) => {
          context.switchToHttp().getRequest<{ user: unknown }>().user = user;
          return true;
        },
      });
    }
    configure(app);
    await app.listen(0, '127.0.0.1');
    return app;
  }

  async function eventOf(path: string, init: RequestInit = {}): Promise<ReceivedEvent> {
    const response = await get(app as INestApplication, path, init);
    expect(response.status).toBeGreaterThanOrEqual(500);
    const [event] = await receiver.waitForEvents(1);
    receiver.events.length = 0;
    return event;
  }

  describe('all that can be read of the request', () => {
    const withUser = (user: () => unknown) => (application: INestApplication) => {
      application.useGlobalGuards({
        canActivate: (context) => {
          Object.defineProperty(context.switchToHttp().getRequest(), 'user', { get: user });
          return true;
        },
      });
    };

    it('where its user cannot be', async () => {
      const fail = (): never => {
        throw new Error('no session');
      };
      await start({}, withUser(fail));
      const { exception, request, transaction, user } = await eventOf('/orders/17');
      expect(exception.values[0].value).toBe('order 17');
      expect(request.url).toContain('/orders/17');
      expect(transaction).toBe('GET /orders/:id');
      expect(user).toBeUndefined();
    });

    it('also where reading its user captures: that goes no deeper', async () => {
      await start(
        {},
        withUser(() => {
          (app as INestApplication).get(RavenClient).captureException(new Error('no session'));
          return { id: '17' };
        }),
      );
      expect((await get(app as INestApplication, '/orders/17')).status).toBe(500);
      await (app as INestApplication).close();
      const ofOrder = receiver.events.filter(({ exception }) => exception.values[0].value === 'order 17');
      expect(ofOrder.map(({ user }) => user)).toEqual([{ id: '17' }]);
      expect(receiver.events.length).toBeLessThanOrEqual(2);
    });
  });

  describe('the request', () => {
    const json = (body: unknown): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

    it('without personal data: no body, no cookies, no address, secrets masked', async () => {
      await start();
      const event = await eventOf('/orders/17?page=2&token=t0ken', {
        headers: {
          cookie: 'session=s3ss10n; theme=dark',
          authorization: 'Bearer b34r3r',
          'x-api-key': 'k3y',
          'x-forwarded-for': '203.0.113.9',
          'x-tenant': 'acme',
        },
      });
      const url = await (app as INestApplication).getUrl();
      expect(event.request).toMatchObject({
        url: `${url}/orders/17`,
        method: 'GET',
        query_string: 'page=2&token=********',
      });
      expect(event.request.headers).toMatchObject({
        authorization: '********',
        'x-api-key': '********',
        'x-tenant': 'acme',
      });
      expect(Object.keys(event.request)).not.toEqual(expect.arrayContaining(['data']));
      const text = JSON.stringify(event);
      for (const secret of ['s3ss10n', 'b34r3r', 'k3y', 't0ken', '203.0.113.9', 'dark']) {
        expect(text).not.toContain(secret);
      }
      expect(text).not.toContain('127.0.0.1"');

      const posted = await eventOf('/orders', json({ note: 'a note' }));
      expect(posted.request.method).toBe('POST');
      expect(posted.request).not.toHaveProperty('data');
    });

    it('with personal data: body, cookies and address too, still without secrets', async () => {
      await start({ sendDefaultPii: true });
      const event = await eventOf('/orders', {
        ...json({ sku: 'A-17', card: '4012 8888 8888 1881', account: { password: 'hunter2' } }),
        headers: {
          'content-type': 'application/json',
          cookie: 'session=s3ss10n; theme=dark',
          authorization: 'Bearer b34r3r',
        },
      });
      expect(event.request).toMatchObject({
        method: 'POST',
        data: { sku: 'A-17', card: '********', account: { password: '********' } },
        cookies: { session: '********', theme: 'dark' },
      });
      expect(event.request.env).toMatchObject({ REMOTE_ADDR: expect.stringContaining('127.0.0.1') });
      expect(event.user).toMatchObject({ ip_address: expect.stringContaining('127.0.0.1') });
      const text = JSON.stringify(event);
      for (const secret of ['s3ss10n', 'b34r3r', 'hunter2', '8888']) expect(text).not.toContain(secret);
    });

    it('and the status that is answered', async () => {
      await start();
      expect((await eventOf('/orders/1')).contexts.response).toEqual({ status_code: 500 });
      expect((await eventOf('/orders', json({}))).contexts.response).toEqual({ status_code: 503 });
    });
  });

  describe('the route as transaction', () => {
    it('with its parameters as names', async () => {
      await start();
      const event = await eventOf('/orders/17?a=1');
      expect(event.transaction).toBe('GET /orders/:id');
      expect(event.transaction_info).toEqual({ source: 'route' });
    });

    it('with the global prefix', async () => {
      await start({}, (application) => application.setGlobalPrefix('api/v1'));
      expect((await eventOf('/api/v1/orders/17')).transaction).toBe('GET /api/v1/orders/:id');
    });

    it('with the version in the path', async () => {
      await start({}, (application) => application.enableVersioning({ type: VersioningType.URI }));
      expect((await eventOf('/v2/orders/versioned/1')).transaction).toBe('GET /v2/orders/versioned/:id');
    });

    it('without the version where a header says it', async () => {
      await start({}, (application) =>
        application.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
      );
      const event = await eventOf('/orders/versioned/1', { headers: { 'x-version': '2' } });
      expect(event.transaction).toBe('GET /orders/versioned/:id');
    });

    it('with what RouterModule puts before it', async () => {
      await start({}, (application) => application.setGlobalPrefix('api'));
      expect((await eventOf('/api/shops/1/items/2')).transaction).toBe('GET /api/shops/:shop/items/:item');
      expect((await eventOf('/api/shops/1/items')).transaction).toBe('GET /api/shops/:shop/items');
    });

    it('of @All and wildcards', async () => {
      await start();
      const event = await eventOf('/orders/all/a/b', { method: 'PUT' });
      expect(event.transaction).toMatch(/^PUT \/orders\/all\/\{?\*/);
    });

    it('or the path where no route has matched yet', async () => {
      await start();
      const event = await eventOf('/refused?a=1');
      expect(event.transaction).toBe('GET /refused');
    });
  });

  describe('the user', () => {
    const ada = { id: 17, username: 'ada', email: 'ada@example.com', password: 'hunter2', roles: ['admin'] };

    it('of request.user: only its id without personal data', async () => {
      await start({}, undefined, ada);
      expect((await eventOf('/orders/1')).user).toEqual({ id: '17' });
    });

    it('of request.user: id, name and address with personal data, nothing else', async () => {
      await start({ sendDefaultPii: true }, undefined, ada);
      expect((await eventOf('/orders/1')).user).toEqual({
        id: '17',
        username: 'ada',
        email: 'ada@example.com',
        ip_address: expect.stringContaining('127.0.0.1'),
      });
    });

    it('of the token: sub', async () => {
      await start({}, undefined, { sub: 'auth0|17', iat: 1 });
      expect((await eventOf('/orders/1')).user).toEqual({ id: 'auth0|17' });
    });

    it('that userContext gives, before that of the request', async () => {
      await start(
        {},
        (application) =>
          application.useGlobalInterceptors({
            intercept: (_context, next) => {
              application.get(RavenClient).userContext({ id: 'set by hand', email: 'me@example.com' });
              return next.handle();
            },
          }),
        ada,
      );
      expect((await eventOf('/orders/1')).user).toEqual({ id: 'set by hand', email: 'me@example.com' });
    });
  });

  describe('the trace', () => {
    const TRACE = '0af7651916cd43dd8448eb211c80319c';
    const SPAN = 'b7ad6b7169203331';

    it.each<[string, Record<string, string>]>([
      ['sentry-trace', { 'sentry-trace': `${TRACE}-${SPAN}-1` }],
      ['traceparent', { traceparent: `00-${TRACE}-${SPAN}-01` }],
    ])('of the incoming %s', async (_, headers) => {
      await start();
      const event = await eventOf('/orders/1', { headers });
      expect(event.contexts.trace).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN });
      expect(event.contexts.trace.span_id).not.toBe(SPAN);
    });

    it('with what the baggage says of it', async () => {
      await start();
      await eventOf('/orders/1', {
        headers: {
          'sentry-trace': `${TRACE}-${SPAN}`,
          baggage: `other=1, sentry-trace_id=${TRACE}, sentry-release=front%401.0, sentry-public_key=front`,
        },
      });
      expect(receiver.envelopes[0].headers.trace).toEqual({
        trace_id: TRACE,
        release: 'front@1.0',
        public_key: 'front',
      });
    });

    it('of its own, one for each request and the same for all of its events', async () => {
      await start({}, (application) =>
        application.useGlobalInterceptors({
          intercept: (_context, next) => {
            application.get(RavenClient).captureMessage('before');
            return next.handle();
          },
        }),
      );
      await get(app as INestApplication, '/orders/1');
      await get(app as INestApplication, '/orders/2');
      const events = await receiver.waitForEvents(4);
      const traces = new Map<string, number>();
      for (const event of events) {
        const id = event.contexts.trace.trace_id as string;
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        traces.set(id, (traces.get(id) ?? 0) + 1);
      }
      expect([...traces.values()]).toEqual([2, 2]);
    });
  });

  it('how it was seen, and what the machine is', async () => {
    await start({
      release: 'orders@1.0.0',
      environment: 'test',
      serverName: 'host-1',
      includeVersions: true,
    });
    const event = await eventOf('/orders/1');
    expect(event).toMatchObject({
      platform: 'node',
      level: 'error',
      release: 'orders@1.0.0',
      environment: 'test',
      server_name: 'host-1',
      sdk: { name: 'nestjs.raven' },
    });
    expect(event.exception.values[0].mechanism).toMatchObject({ type: 'auto.http.nestjs', handled: false });
    expect(event.contexts).toMatchObject({
      runtime: { name: 'node', version: process.version },
      os: { name: expect.any(String) },
      device: { arch: process.arch },
      app: { app_start_time: expect.any(String) },
    });
    expect(event.modules).toHaveProperty('axios');
    expect(event.exception.values[0].stacktrace.frames.at(-1)).toMatchObject({
      function: 'OrdersController.find',
      filename: 'test/e2e/http-event.spec.ts',
      in_app: true,
    });
  });

  it('what was set in a request-scoped provider', async () => {
    await start();
    const event = await eventOf('/scoped/17');
    expect(event.tags).toMatchObject({ scoped: '17' });
    expect(event.transaction).toBe('GET /scoped/:id');
  });

  it('no header with exposeEventId: false', async () => {
    await start({ exposeEventId: false });
    const response = await get(app as INestApplication, '/orders/1');
    expect(response.headers.has('x-sentry-id')).toBe(false);
    await receiver.waitForEvents(1);
  });
});
