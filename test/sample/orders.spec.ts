import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { startModule } from '../support/test-app';

interface SampleRequest {
  path: string;
  customer?: string;
  body?: unknown;
  status: number;
  reports?: { type: string; transaction: string };
}
interface SampleModule {
  REQUESTS: SampleRequest[];
  sendRequest(url: string, request: SampleRequest): Promise<{ status: number; eventId: string | null }>;
}

const ROOT = join(__dirname, '../..');

describe('the orders sample', async () => {
  const { REQUESTS, sendRequest } = (await import(join(ROOT, 'scripts/orders-sample.mjs'))) as SampleModule;
  let receiver: Receiver;
  let app: INestApplication;
  beforeAll(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    const { AppModule } = (await import('../../sample/01-orders/src/app.module.js')) as { AppModule: Type };
    app = await startModule(AppModule);
  });
  afterAll(async () => {
    await app?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
  });

  it.each(REQUESTS)('$path ($status) reports what the demo expects', async (request) => {
    receiver.events.length = 0;
    const { status, eventId } = await sendRequest(await app.getUrl(), request);
    await app.get(RavenClient).flush(5000);
    expect(status).toBe(request.status);
    const seen = receiver.events.map((event) => ({
      type: event.exception.values.at(-1)?.type,
      transaction: event.transaction,
    }));
    expect(seen).toEqual(request.reports ? [request.reports] : []);
    expect(eventId).toBe(status >= 500 ? receiver.events[0].event_id : null);
    expect(JSON.stringify(receiver.events)).not.toMatch(/hunter2|8888|t0ken|s3cret/);
  });

  it('is what its README says: every request of the demo is in the table, and the curl lines are requests of it', () => {
    const readme = readFileSync(join(ROOT, 'sample/01-orders/README.md'), 'utf8');
    const table = [...readme.matchAll(/^\| `(GET|POST) (\S+)`.*\| ([^|]*) \|$/gm)];
    expect(table.map(([, method, path, reported]) => [method, path, reported.startsWith('yes')])).toEqual(
      REQUESTS.map(({ path, body, reports }) => [
        body ? 'POST' : 'GET',
        path.replace(/order-|\?.*/g, ''),
        reports !== undefined,
      ]),
    );
    const curls = [...readme.matchAll(/^curl .*X-Customer: (\w+)'.*http:\/\/localhost:3000(\S+)$/gm)];
    expect(curls).toHaveLength(3);
    for (const [, customer, path] of curls) {
      expect(REQUESTS).toContainEqual(expect.objectContaining({ customer, path }));
    }
  });
});
