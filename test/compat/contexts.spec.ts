import { Controller, Injectable, Module, UseInterceptors, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Args, Int, Query, Resolver } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, RpcException, Transport } from '@nestjs/microservices';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpException, NotFoundException } from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';
import { RavenInterceptor, RavenModule } from 'nestjs-raven/compat/nest-raven';
import { operate, STACKS, startGraphqlApp } from '../e2e/graphql-app';
import { freePort } from '../support/free-port';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { WsClient } from '../support/ws-client';

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

class Teapot extends Error {}
const FILTERS = [{ type: Teapot }];

@Injectable()
@UseInterceptors(new RavenInterceptor({ context: 'Ws', filters: FILTERS, tags: { from: 'gateway' } }))
@WebSocketGateway()
class ChatGateway {
  @SubscribeMessage('say')
  say(@MessageBody() { text }: { text: string }): never {
    throw new WsException(text);
  }
  @SubscribeMessage('brew')
  brew(): never {
    throw new Teapot('taken out');
  }
}

@UseInterceptors(new RavenInterceptor({ filters: FILTERS, tags: { from: 'controller' } }))
@Controller()
class OrdersController {
  @MessagePattern('orders.find')
  find(): never {
    throw new RpcException('no such order');
  }
  @MessagePattern('orders.brew')
  brew(): never {
    throw new Teapot('taken out');
  }
}

@Injectable()
@UseInterceptors(
  new RavenInterceptor({
    context: 'GraphQL',
    filters: [
      ...FILTERS,
      { type: HttpException, filter: (error: HttpException) => error.getStatus() === 410 },
    ],
    tags: { from: 'resolver' },
  }),
)
@Resolver()
class PostsResolver {
  @Query(() => String, { nullable: true })
  posts(@Args('id', { type: () => Int }) id: number): string {
    throw new Error(`no post ${id}`);
  }
  @Query(() => String, { nullable: true })
  missing(): string {
    throw new NotFoundException('missing');
  }
  @Query(() => String, { nullable: true })
  gone(): string {
    throw new HttpException('gone', 410);
  }
  @Query(() => String, { nullable: true })
  brew(): string {
    throw new Teapot('taken out');
  }
}

/** Delivers all that was captured. */
async function flushed(running: { get: INestApplication['get'] }): Promise<(string | undefined)[]> {
  expect(await running.get(RavenClient).flush(5000)).toBe(true);
  return receiver.events.map(errorOf);
}

describe('RavenInterceptor of nest-raven', () => {
  it('reports errors of messages over WebSockets, with what was sent where that may be', async () => {
    @Module({
      imports: [RavenModule.forRoot(testOptions(receiver, { sendDefaultPii: true }))],
      providers: [ChatGateway],
    })
    class ChatModule {}
    app = await NestFactory.create(ChatModule, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const client = await WsClient.connect('socket.io', app);
    await client.ask('say', { text: 'too loud' });
    await client.ask('brew');
    expect(await flushed(app)).toEqual(['too loud']);
    expect(receiver.events[0]).toMatchObject({
      tags: { from: 'gateway' },
      extra: { ws_data: { text: 'too loud' } },
      transaction: 'say',
    });
    await client.close();
  });

  it('reports errors of messages of microservices', async () => {
    const port = await freePort();
    @Module({
      imports: [RavenModule.forRoot(testOptions(receiver))],
      controllers: [OrdersController],
    })
    class OrdersModule {}
    app = await NestFactory.create(OrdersModule, { logger: false, abortOnError: false });
    app.connectMicroservice(
      { transport: Transport.TCP, options: { host: '127.0.0.1', port } },
      { inheritAppConfig: true },
    );
    await app.startAllMicroservices();
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    for (const pattern of ['orders.find', 'orders.brew']) {
      await expect(lastValueFrom(client.send(pattern, { id: 1 }))).rejects.toBeDefined();
    }
    client.close();
    expect(await flushed(app)).toEqual(['no such order']);
    expect(receiver.events[0]).toMatchObject({ tags: { from: 'controller' }, transaction: 'orders.find' });
    expect(receiver.events[0].extra).not.toHaveProperty('rpc_data');
  });

  it.each(STACKS)('reports errors of resolvers by their fields, on %s', async (stack) => {
    app = await startGraphqlApp({
      stack,
      providers: [PostsResolver],
      raven: [RavenModule.forRoot(testOptions(receiver))],
    });
    await operate(app, '{ posts(id: 7) }');
    await operate(app, '{ missing }');
    await operate(app, '{ gone brew }');
    expect(await flushed(app)).toEqual(['no post 7', 'missing']);
    expect(receiver.events[0]).toMatchObject({
      tags: { from: 'resolver' },
      extra: { fieldName: 'posts' },
      transaction: 'Query.posts',
    });
    expect(receiver.events[0].extra).not.toHaveProperty('args');
  });
});
