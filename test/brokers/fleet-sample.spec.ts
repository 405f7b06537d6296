import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRedis, type Broker } from '../support/broker';
import { startReceiver, type Receiver } from '../support/receiver';
import { SOON } from '../support/soon';
import { get, startModule } from '../support/test-app';

describe('the fleet sample', () => {
  let redis: Broker;
  let receiver: Receiver;
  let shop: INestApplication;
  let forwarder: INestApplication;
  beforeAll(async () => {
    [redis, receiver] = await Promise.all([startRedis(), startReceiver()]);
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('REDIS_URL', `redis://127.0.0.1:${redis.port}`);
    const { ShopModule } = (await import('../../sample/05-queue-fleet/src/shop/shop.module.js')) as {
      ShopModule: Type;
    };
    const { ForwarderModule } =
      (await import('../../sample/05-queue-fleet/src/forwarder/forwarder.module.js')) as {
        ForwarderModule: Type;
      };
    shop = await startModule(ShopModule);
    forwarder = await startModule(ForwarderModule);
  });
  afterAll(async () => {
    await shop?.close();
    await forwarder?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
    await redis?.stop();
  });
  beforeEach(() => {
    receiver.respondWith();
    receiver.events.length = 0;
  });

  const ask = async (path: string): Promise<unknown> => (await get(forwarder, path)).json();

  it('has the errors of its shops delivered by the forwarder', async () => {
    const response = await get(shop, '/orders/2/shelf');
    expect(response.status).toBe(500);
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({ transaction: 'GET /orders/:id/shelf', tags: { 'order.id': '2' } });
    expect(response.headers.get('x-sentry-id')).toBe(event.event_id);
    await vi.waitFor(async () => expect(await ask('/queue')).toMatchObject({ sent: 1 }), SOON);
  });

  it('shows what the server refused, and sends it again', async () => {
    receiver.respondWith(() => ({ status: 413 }));
    await get(shop, '/orders/3/shelf');
    await vi.waitFor(
      async () => expect(await ask('/queue')).toMatchObject({ queue: { deadLetters: 1 } }),
      SOON,
    );
    expect(await ask('/queue/dead-letters')).toMatchObject([
      { reason: expect.stringContaining('413') as string },
    ]);

    receiver.respondWith();
    expect((await get(forwarder, '/queue/dead-letters/retry', { method: 'POST' })).status).toBe(202);
    const [event] = await receiver.waitForEvents(1);
    expect(event.tags).toMatchObject({ 'order.id': '3' });
    await vi.waitFor(async () => expect(await ask('/queue/dead-letters')).toEqual([]), SOON);
  });
});
