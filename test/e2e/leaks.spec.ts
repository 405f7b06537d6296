import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { expect, it, vi } from 'vitest';
import { freePort } from '../support/free-port';
import { startReceiver, type Receiver } from '../support/receiver';
import { SOON } from '../support/soon';
import { get } from '../support/test-app';

/** How many listeners the process has, by event. */
function listeners(): Record<string, number> {
  return Object.fromEntries(
    process
      .eventNames()
      .map((name): [string, number] => [String(name), process.listenerCount(name)])
      .filter(([, count]) => count > 0),
  );
}

/** What keeps a process alive, by kind; without what the test's own receiver and worker have. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  // The test waits by timers; those of the library would not keep a process alive.
  delete counts.Timeout;
  return counts;
}

/** An app with an error in each of its contexts, from its start to its end. */
async function live(root: Type, receiver: Receiver): Promise<void> {
  const tcpPort = await freePort();
  const app = await NestFactory.create(root, { logger: false });
  app.connectMicroservice({ transport: Transport.TCP, options: { host: '127.0.0.1', port: tcpPort } });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const before = receiver.events.length;
  await get(app, '/orders/1');
  for (const path of ['/jobs', '/events', '/cqrs']) await get(app, path, { method: 'POST' });
  await get(app, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ price(sku: 1) }"}',
  });
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: tcpPort },
  });
  await firstValueFrom(client.send('stock.reserve', { sku: 'A-17' })).catch(() => undefined);
  await client.close();
  const socket = io(await app.getUrl(), { transports: ['websocket'], reconnection: false });
  socket.emit('say', { text: '' });
  await new Promise((resolve) => socket.once('exception', resolve));
  socket.disconnect();
  await receiver.waitForEvents(before + 6);
  await app.close();
}

it('an app of all contexts leaves no listener and no handle behind once it is closed', async () => {
  const receiver = await startReceiver();
  vi.stubEnv('SENTRY_DSN', receiver.dsn());
  const { AppModule } = (await import('../../sample/02-contexts/src/app.module.js')) as { AppModule: Type };
  // What libraries make once for all apps is made by the first.
  await live(AppModule, receiver);
  const expected = listeners();
  let handles: Record<string, number> = {};
  await vi.waitFor(() => {
    handles = resources();
    expect(handles.TCPServerWrap).toBe(1);
  }, SOON);
  for (let round = 0; round < 3; round++) await live(AppModule, receiver);
  expect(listeners()).toEqual(expected);
  // Sockets that were closed are gone a moment later.
  await vi.waitFor(() => {
    for (const [kind, count] of Object.entries(resources())) {
      expect([kind, count]).toEqual([kind, Math.min(count, handles[kind] ?? 0)]);
    }
  }, SOON);
  vi.unstubAllEnvs();
  await receiver.close();
}, 60_000);
