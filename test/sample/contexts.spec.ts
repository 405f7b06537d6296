import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { createClient } from 'graphql-ws';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { freePort } from '../support/free-port';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get } from '../support/test-app';

describe('the contexts sample', () => {
  let receiver: Receiver;
  let app: INestApplication;
  let tcpPort: number;
  beforeAll(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    tcpPort = await freePort();
    const { AppModule } = (await import('../../sample/02-contexts/src/app.module.js')) as { AppModule: Type };
    app = await NestFactory.create(AppModule, { logger: false });
    app.connectMicroservice({ transport: Transport.TCP, options: { host: '127.0.0.1', port: tcpPort } });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app?.close().catch(() => undefined);
    vi.unstubAllEnvs();
    await receiver?.close();
  });

  /** The one event that comes of `act`. */
  async function eventOf(act: () => Promise<unknown>): Promise<ReceivedEvent> {
    receiver.events.length = 0;
    await act();
    const [event] = await receiver.waitForEvents(1);
    await app.get(RavenClient).flush(5000);
    expect(receiver.events).toHaveLength(1);
    return event;
  }
  const post = (path: string, body?: object) => () =>
    get(app, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

  it('reports an error of HTTP', async () => {
    const event = await eventOf(() => get(app, '/orders/1'));
    expect(event).toMatchObject({ transaction: 'GET /orders/:id', tags: { context: 'http' } });
  });

  it('does not report what a handler answers on purpose', async () => {
    receiver.events.length = 0;
    expect((await get(app, '/ready')).status).toBe(503);
    await app.get(RavenClient).flush(5000);
    expect(receiver.events).toEqual([]);
  });

  it('reports an error of GraphQL', async () => {
    const event = await eventOf(post('/graphql', { query: 'query Price { price(sku: "A-17") }' }));
    expect(event).toMatchObject({ transaction: 'Query.price', tags: { context: 'graphql' } });
    expect(event.contexts.graphql).toMatchObject({ operation_name: 'Price' });
  });

  it('reports an error of a subscription', async () => {
    const client = createClient({
      url: `${(await app.getUrl()).replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const told: unknown[] = [];
    const event = await eventOf(async () => {
      for await (const result of client.iterate({ query: 'subscription { sold }' })) told.push(result);
    });
    await client.dispose();
    expect(told).toMatchObject([{ data: { sold: 1 } }, { errors: [{ message: 'sold more than there is' }] }]);
    expect(event).toMatchObject({ transaction: 'Subscription.sold', tags: { context: 'subscription' } });
  });

  it('reports an error of a command', async () => {
    const { run } = (await import('../../sample/02-contexts/src/cli.js')) as { run: () => Promise<void> };
    receiver.events.length = 0;
    const { argv } = process;
    process.argv = [argv[0], 'cli.js', 'recount'];
    // nest-commander says what failed, and goes on.
    await run();
    process.argv = argv;
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({ level: 'fatal', tags: { context: 'command' } });
  });

  it('reports an error of a microservice, with what its feature module says', async () => {
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: tcpPort },
    });
    const event = await eventOf(() =>
      firstValueFrom(client.send('stock.reserve', { sku: 'A-17' })).catch(() => undefined),
    );
    await client.close();
    expect(event).toMatchObject({
      transaction: 'stock.reserve',
      tags: { context: 'microservice', team: 'stock' },
    });
  });

  it('reports an error of a WebSocket, with the user of its connection', async () => {
    const socket = io(await app.getUrl(), { query: { user: '17' }, transports: ['websocket'] });
    const event = await eventOf(async () => {
      socket.emit('say', { text: '' });
      await new Promise((resolve) => socket.once('exception', resolve));
    });
    socket.disconnect();
    expect(event).toMatchObject({ transaction: 'say', tags: { context: 'websocket' }, user: { id: '17' } });
  });

  it.each([
    ['a job', '/jobs', 'job', 'the counting machine is out of paper'],
    ['a listener of events', '/events', 'event', 'nobody sells A-17'],
    ['an event of CQRS', '/cqrs', 'cqrs', 'A-17 was sold twice'],
  ])('reports an error of %s, and the request that began it is fine', async (_, path, context, message) => {
    const event = await eventOf(async () => {
      expect((await post(path)()).status).toBe(202);
    });
    expect(errorOf(event)).toBe(message);
    expect(event.tags).toMatchObject({ context });
  });

  it('reports an error of a hook, when the app ends', async () => {
    expect((await post('/ledger')()).status).toBe(202);
    receiver.events.length = 0;
    await app.close().catch(() => undefined);
    expect(receiver.events).toMatchObject([
      { transaction: 'StockLedger.onApplicationShutdown', tags: { context: 'lifecycle' } },
    ]);
  });
});
