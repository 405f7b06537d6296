import { EventEmitter, once } from 'node:events';
import {
  Catch,
  Controller,
  Get,
  Injectable,
  Scope,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { ApplicationConfig, MetadataScanner } from '@nestjs/core';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { sendTo, startWsApp } from '../support/ws-app';
import { IoClient, WS_PLATFORMS, WsClient } from '../support/ws-client';

let receiver: Receiver;
let app: INestApplication;
let clients: WsClient[];
beforeEach(async () => {
  clients = [];
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const client of clients) await client.close();
  await app.close();
  await receiver.close();
});

async function connect(
  ...[platform, options]: [Parameters<typeof WsClient.connect>[0], { namespace?: string }?]
) {
  const client = await WsClient.connect(platform, app, options);
  clients.push(client);
  return client;
}

@WebSocketGateway()
class ChatGateway {
  constructor(private readonly raven: RavenClient) {}

  handleConnection(): void {
    this.raven.tagsContext({ chat: 'connected' });
  }

  @SubscribeMessage('say')
  say(): void {
    throw new Error('cannot say');
  }
}

it('a namespace is told, and its connection is one of its own', async () => {
  @WebSocketGateway({ namespace: 'admin' })
  class AdminGateway {
    constructor(private readonly raven: RavenClient) {}
    handleConnection(): void {
      this.raven.tagsContext({ admin: 'connected' });
    }
    @SubscribeMessage('drop')
    drop(): void {
      throw new Error('dropped');
    }
  }
  app = await startWsApp('socket.io', { providers: [AdminGateway, ChatGateway] }, { receiver });
  await (await connect('socket.io', { namespace: '/admin' })).ask('drop');
  await (await connect('socket.io')).ask('say');
  await app.get(RavenClient).flush();
  const [dropped, said] = receiver.events;
  expect(dropped.extra.namespace).toBe('/admin');
  expect(dropped.tags).toEqual({ admin: 'connected' });
  expect(said.extra.namespace).toBe('/');
  expect(said.tags).toEqual({ chat: 'connected' });
});

it('an acknowledgement is given as without the module', async () => {
  @WebSocketGateway()
  class AckGateway {
    @SubscribeMessage('add')
    async add(@MessageBody() numbers: number[]): Promise<number> {
      await Promise.resolve();
      return numbers[0] + numbers[1];
    }
  }
  app = await startWsApp('socket.io', { providers: [AckGateway] }, { receiver });
  const client = (await connect('socket.io')) as IoClient;
  expect(await client.socket.emitWithAck('add', [2, 3])).toBe(5);
  expect(client.frames).toEqual([]);
});

it('HTTP and WebSockets of one app keep apart', async () => {
  @Controller()
  class PageController {
    @Get('page')
    page(): void {
      throw new Error('no page');
    }
  }
  app = await startWsApp('ws', { controllers: [PageController], providers: [ChatGateway] }, { receiver });
  const client = await connect('ws');
  await Promise.all([client.ask('say'), fetch(`${await app.getUrl()}/page`)]);
  await app.get(RavenClient).flush();
  const transactions = receiver.events.map(({ transaction }) => transaction).sort();
  expect(transactions).toEqual(['GET /page', 'say']);
});

describe.each(WS_PLATFORMS)('over %s', (platform) => {
  it('gateways of one server share the connection', async () => {
    @WebSocketGateway()
    class PresenceGateway {
      constructor(private readonly raven: RavenClient) {}
      handleConnection(): void {
        this.raven.tagsContext({ presence: 'seen' });
      }
      @SubscribeMessage('presence')
      presence(): void {
        throw new Error('nobody there');
      }
    }
    app = await startWsApp(platform, { providers: [ChatGateway, PresenceGateway] }, { receiver });
    await (await connect(platform)).ask('presence');
    await app.get(RavenClient).flush();
    expect(receiver.events.map(errorOf)).toEqual(['nobody there']);
    expect(receiver.events[0].tags).toEqual({ chat: 'connected', presence: 'seen' });
  });

  it('what is set late for a connection is seen by later messages', async () => {
    const authenticated = new EventEmitter();
    @WebSocketGateway()
    class SlowGateway {
      constructor(private readonly raven: RavenClient) {}
      async handleConnection(): Promise<void> {
        await once(authenticated, 'go');
        this.raven.userContext({ id: 'late' });
        authenticated.emit('done');
      }
      @SubscribeMessage('whoami')
      whoami(): void {
        throw new Error('who');
      }
    }
    app = await startWsApp(platform, { providers: [SlowGateway] }, { receiver });
    const client = await connect(platform);
    await client.ask('whoami');
    // Events that are under way together may arrive in any order.
    await app.get(RavenClient).flush();
    const done = once(authenticated, 'done');
    authenticated.emit('go');
    await done;
    await client.ask('whoami');
    await app.get(RavenClient).flush();
    expect(receiver.events.map(({ user }) => user)).toEqual([undefined, { id: 'late' }]);
  });

  it('what afterInit sets is set for the whole app, as at bootstrap', async () => {
    @WebSocketGateway()
    class ReadyGateway {
      constructor(private readonly raven: RavenClient) {}
      async afterInit(): Promise<void> {
        await Promise.resolve();
        this.raven.tagsContext({ ready: 'yes' });
        this.raven.captureMessage('ready');
      }
      @SubscribeMessage('fail')
      fail(): void {
        throw new Error('failed');
      }
    }
    app = await startWsApp(platform, { providers: [ReadyGateway] }, { receiver });
    await (await connect(platform)).ask('fail');
    await app.get(RavenClient).flush();
    // Two requests that are under way together may arrive in any order.
    expect(receiver.events.map(({ transaction, tags }) => [transaction, tags]).sort()).toEqual([
      ['ReadyGateway.afterInit', { ready: 'yes' }],
      ['fail', { ready: 'yes' }],
    ]);
    expect(app.get(RavenClient).rootContext.get()).toEqual({ tags: { ready: 'yes' } });
  });

  describe('a request-scoped gateway', () => {
    class Refused extends Error {}

    @Catch()
    class Answering implements ExceptionFilter {
      catch(exception: Error, host: ArgumentsHost): void {
        sendTo(host.switchToWs().getClient(), 'exception', exception.message);
      }
    }
    @Catch(Refused)
    class Refusing extends Answering {}
    @Injectable({ scope: Scope.REQUEST })
    class PerClient {
      readonly isInjected = true;
    }
    class ScopedBase {
      constructor(
        readonly perClient: PerClient,
        readonly raven: RavenClient,
      ) {}
      @Tag('handler', 'fail')
      @SubscribeMessage('fail')
      fail(): void {
        throw new Error(`scoped ${this.perClient.isInjected}`);
      }
    }
    const paramTypes = [PerClient, RavenClient];

    it('has its errors reported once, with what its connection set', async () => {
      @WebSocketGateway()
      class Gateway extends ScopedBase {
        handleConnection(): void {
          this.raven.tagsContext({ connection: 'set' });
        }
      }
      Reflect.defineMetadata('design:paramtypes', paramTypes, Gateway);
      app = await startWsApp(platform, { providers: [PerClient, Gateway] }, { receiver });
      await (await connect(platform)).ask('fail');
      await app.get(RavenClient).flush();
      expect(receiver.events.map(errorOf)).toEqual(['scoped true']);
      expect(receiver.events[0].transaction).toBe('fail');
      expect(receiver.events[0].tags).toEqual({ connection: 'set', handler: 'fail' });
    });

    it.each([
      ['with a filter for just this error, which handles it', Refusing, []],
      ['with a filter for everything', Answering, ['refused']],
    ])('asks its filters about what handleConnection throws: %s', async (_, Filter, expected) => {
      @UseFilters(Filter)
      @WebSocketGateway()
      class Gateway extends ScopedBase {
        handleConnection(): void {
          this.raven.tagsContext({ connection: 'set' });
          throw new Refused('refused');
        }
      }
      Reflect.defineMetadata('design:paramtypes', paramTypes, Gateway);
      app = await startWsApp(platform, { providers: [PerClient, Gateway] }, { receiver });
      const client = await connect(platform);
      expect(await client.waitFor(1)).toEqual([['exception', 'refused']]);
      await app.get(RavenClient).flush();
      expect(receiver.events.map(errorOf)).toEqual(expected);
      for (const event of receiver.events) {
        expect(event.transaction).toBe('Gateway.handleConnection');
        expect(event.tags).toEqual({ connection: 'set' });
      }
    });
  });

  it('nothing of it is left on classes, gateways, adapter and config once the app is closed', async () => {
    class Base {
      handleDisconnect(): void {}
    }
    @WebSocketGateway()
    class Gateway extends Base {
      afterInit(): void {}
      async handleConnection(_client: unknown): Promise<void> {}
      @SubscribeMessage('fail')
      fail(): void {
        throw new Error('failed');
      }
    }
    @WebSocketGateway()
    class ArrowGateway {
      handleConnection = (): void => {};
    }
    const shapes = (): unknown => [
      Object.getOwnPropertyDescriptors(Base.prototype),
      Object.getOwnPropertyDescriptors(Gateway.prototype),
      new MetadataScanner()
        .getAllMethodNames(Gateway.prototype)
        .map((name) => Reflect.getMetadataKeys(Gateway.prototype[name as 'fail'])),
    ];
    const before = shapes();
    const { handleConnection } = Gateway.prototype;
    app = await startWsApp(platform, { providers: [Gateway, ArrowGateway] }, { receiver });
    expect(Gateway.prototype.handleConnection).not.toBe(handleConnection);
    expect(Gateway.prototype.handleConnection.name).toBe('handleConnection');
    expect(Gateway.prototype.handleConnection).toHaveLength(1);
    const config = app.get(ApplicationConfig);
    const adapter = config.getIoAdapter();
    const arrow = app.get(ArrowGateway);
    const watched = arrow.handleConnection;
    const second = await startWsApp(platform, { providers: [Gateway, ArrowGateway] }, { receiver });
    await second.close();
    // The other app still needs what is on the class.
    await (await connect(platform)).ask('fail');
    await app.get(RavenClient).flush();
    expect(receiver.events.map(({ transaction }) => transaction)).toEqual(['fail']);
    expect(Object.keys(Object.getOwnPropertyDescriptors(adapter))).toContain('bindMessageHandlers');

    await app.close();
    expect(shapes()).toEqual(before);
    expect(Gateway.prototype.handleConnection).toBe(handleConnection);
    expect(arrow.handleConnection).not.toBe(watched);
    expect(Object.keys(Object.getOwnPropertyDescriptors(config))).not.toContain('getIoAdapter');
    for (const name of ['bindClientConnect', 'bindMessageHandlers', 'bindClientDisconnect']) {
      expect(Object.hasOwn(adapter, name)).toBe(false);
    }
  });
});
