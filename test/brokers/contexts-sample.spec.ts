import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis, type Broker } from '../support/broker';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, startModule } from '../support/test-app';

describe('the contexts sample with a Redis', () => {
  let redis: Broker;
  let receiver: Receiver;
  let app: INestApplication;
  beforeAll(async () => {
    [redis, receiver] = await Promise.all([startRedis(), startReceiver()]);
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('REDIS_URL', `redis://127.0.0.1:${redis.port}`);
    const { AppModule } = (await import('../../sample/02-contexts/src/app.module.js')) as { AppModule: Type };
    app = await startModule(AppModule);
  });
  afterAll(async () => {
    await app?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
    await redis?.stop();
  });

  it('reports an error of a queue', async () => {
    expect((await get(app, '/mails', { method: 'POST' })).status).toBe(202);
    const [event] = await receiver.waitForEvents(1);
    expect(errorOf(event)).toBe('the mail server is down');
    expect(event.tags).toMatchObject({ context: 'queue' });
    expect(event.contexts.job).toMatchObject({ queue: 'mail', name: 'welcome' });
  });
});
