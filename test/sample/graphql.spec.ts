import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { startModule } from '../support/test-app';
import { loadSamples } from './support/samples';

describe('the GraphQL sample', async () => {
  const { readSample, takeStep } = await loadSamples();
  const { name, steps } = await readSample('03-fastify-graphql');
  let receiver: Receiver;
  let app: INestApplication;
  let port: number;
  beforeAll(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    const { AppModule } = (await import('../../sample/03-fastify-graphql/src/app.module.js')) as {
      AppModule: Type;
    };
    app = await startModule(AppModule, 'fastify');
    port = Number(new URL(await app.getUrl()).port);
    vi.stubEnv('PORT', String(port));
  });
  afterAll(async () => {
    await app?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
  });

  const errors = () =>
    receiver.events.map(({ exception, transaction }) => ({
      type: exception.values.at(-1)?.type,
      transaction,
    }));

  it.each(steps.filter(({ path }) => path))(
    '$body.query with $body.variables reports what the demo expects, without the card',
    async (step) => {
      receiver.events.length = 0;
      expect((await takeStep({ name, ports: [port] }, step)).status).toBe(step.status);
      await app.get(RavenClient).flush(5000);
      expect(errors()).toEqual(step.reports ?? []);
      expect(JSON.stringify(receiver.events)).not.toContain('8888');
    },
  );

  it('reports an error of an event that its client watches for', async () => {
    receiver.events.length = 0;
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { watchStock } = (await import('../../sample/03-fastify-graphql/src/watch-stock.js')) as {
      watchStock: () => Promise<void>;
    };
    await watchStock();
    log.mockRestore();
    await app.get(RavenClient).flush(5000);
    expect(errors()).toEqual(steps.find(({ program }) => program)?.reports);
    expect(receiver.events[0]).toMatchObject({
      tags: { area: 'stock' },
      contexts: {
        graphql: { operation_name: 'Stock', operation_type: 'subscription', variables: { bookId: 1 } },
      },
    });
  });
});
