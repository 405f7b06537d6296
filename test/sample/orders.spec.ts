import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { startModule } from '../support/test-app';
import { loadSamples, ROOT } from './support/samples';

describe('the orders sample', async () => {
  const { readSample, nameOf, takeStep } = await loadSamples();
  const { name, steps } = await readSample('01-orders');
  let receiver: Receiver;
  let app: INestApplication;
  let port: number;
  beforeAll(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    const { AppModule } = (await import('../../sample/01-orders/src/app.module.js')) as { AppModule: Type };
    app = await startModule(AppModule);
    port = Number(new URL(await app.getUrl()).port);
  });
  afterAll(async () => {
    await app?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
  });

  it.each(steps)('$path ($status) reports what the demo expects', async (step) => {
    receiver.events.length = 0;
    const { status, eventId } = await takeStep({ name, ports: [port] }, step);
    await app.get(RavenClient).flush(5000);
    expect(status).toBe(step.status);
    const seen = receiver.events.map((event) => ({
      type: event.exception.values.at(-1)?.type,
      transaction: event.transaction,
    }));
    expect(seen).toEqual(step.reports ?? []);
    expect(eventId).toBe((status ?? 0) >= 500 ? receiver.events[0].event_id : null);
    expect(JSON.stringify(receiver.events)).not.toMatch(/hunter2|8888|t0ken|s3cret/);
  });

  it('is what its README says: every request of the demo is in the table', () => {
    const readme = readFileSync(join(ROOT, 'sample/01-orders/README.md'), 'utf8');
    const table = [...readme.matchAll(/^\| `((?:GET|POST) \S+)`.*\| ([^|]*) \|$/gm)];
    expect(table.map(([, request, reported]) => [request, reported.startsWith('yes')])).toEqual(
      steps.map((step) => [nameOf(step).replace(/order-|\?.*/g, ''), step.reports !== undefined]),
    );
  });
});
