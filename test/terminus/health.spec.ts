import { Controller, Get, Injectable, Module, type INestApplication } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  getRavenToken,
  RavenClient,
  RavenModule,
  type RavenOptions,
  type TransportState,
} from 'nestjs-raven';
import { RavenHealthIndicator, type RavenHealthOptions } from 'nestjs-raven/terminus';
import { startReceiver, type Receiver } from '../support/receiver';
import { get, startApp, startModule, testOptions, type TestApp } from '../support/test-app';

/** Limits that the next check has; a user has them in the code. */
@Injectable()
class Limits {
  options?: RavenHealthOptions;
}

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly raven: RavenHealthIndicator,
    private readonly limits: Limits,
  ) {}

  @Get()
  check() {
    return this.health.check([() => this.raven.isHealthy('raven', this.limits.options)]);
  }
}

const HEALTH: TestApp = {
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [RavenHealthIndicator, Limits],
};

/** What an orchestrator and a person see. */
interface Health {
  httpStatus: number;
  overall: string;
  text: string;
  raven: Record<string, unknown> & { lastError?: { message: string; atMs: number } };
}

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

async function start(options: RavenOptions = {}, imports: TestApp['imports'] = []): Promise<RavenClient> {
  const parts = { ...HEALTH, imports: [...(HEALTH.imports ?? []), ...imports] };
  app = await startApp(receiver, parts, { shutdownTimeoutMs: 100, ...options });
  return app.get(RavenClient);
}

async function health(options?: RavenHealthOptions): Promise<Health> {
  if (!app) throw new Error('no app');
  app.get(Limits).options = options;
  const response = await get(app, '/health');
  const text = await response.text();
  const { status, details } = JSON.parse(text) as { status: string; details: { raven: Health['raven'] } };
  return { httpStatus: response.status, overall: status, text, raven: details.raven };
}

/** Resolves when the client is told to be in a state. */
function reached(client: RavenClient, state: TransportState): Promise<unknown> {
  return new Promise((resolve) => client.on(state, resolve));
}

/** Loses the server, and reports into the void. */
async function goOffline(client: RavenClient, events = 1): Promise<void> {
  await receiver.close();
  const offline = reached(client, 'offline');
  for (let n = 0; n < events; n++) client.captureMessage(`event ${n}`);
  await offline;
}

describe('a health check', () => {
  it('tells that all is well', async () => {
    const client = await start();
    client.captureMessage('arrives');
    await client.flush(10_000);
    expect(await health()).toMatchObject({ httpStatus: 200, overall: 'ok' });
    expect((await health()).raven).toEqual({
      status: 'up',
      state: 'online',
      pending: 0,
      spooled: 0,
      dropped: 0,
      lost: 0,
    });
  });

  it('leaves the app up however long the error server is dead, and says what is wrong', async () => {
    const client = await start({ dsn: receiver.dsn('1', 'hidden-word') });
    await goOffline(client, 3);
    const { httpStatus, overall, raven, text } = await health();
    expect({ httpStatus, overall }).toEqual({ httpStatus: 200, overall: 'ok' });
    expect(raven).toMatchObject({ status: 'up', state: 'offline', pending: 3, lost: 0 });
    expect(raven.lastError?.message).toContain('ECONNREFUSED');
    expect(raven.lastError?.atMs).toBeGreaterThan(0);
    expect(text).not.toMatch(/hidden-word|public/);
  });

  it('is down after as much time without delivery as it is told, and up again with the server', async () => {
    const client = await start();
    await health();
    await goOffline(client);
    expect(await health({ offlineForMs: 300_000 })).toMatchObject({
      httpStatus: 200,
      raven: { status: 'up' },
    });
    expect(await health({ offlineForMs: 0 })).toMatchObject({
      httpStatus: 503,
      overall: 'error',
      raven: { status: 'down', state: 'offline', message: 'no delivery for 0 s' },
    });
    const { port } = receiver;
    receiver = await startReceiver({ port });
    await client.flush(5000);
    expect(await health({ offlineForMs: 0 })).toMatchObject({
      httpStatus: 200,
      raven: { status: 'up', state: 'online' },
    });
  });

  it('knows of an outage that began before it was first asked', async () => {
    await goOffline(await start());
    expect(await health({ offlineForMs: 0 })).toMatchObject({ httpStatus: 503 });
  });

  it('is degraded instead of down where that is asked for', async () => {
    await goOffline(await start());
    expect(await health({ offlineForMs: 0, unhealthyStatus: 'degraded' })).toMatchObject({
      httpStatus: 200,
      overall: 'degraded',
      raven: { status: 'degraded', message: 'no delivery for 0 s' },
    });
  });

  it('is down with more events in memory than it is told', async () => {
    await goOffline(await start(), 3);
    expect(await health({ maxPending: 3 })).toMatchObject({ httpStatus: 200 });
    expect(await health({ maxPending: 2 })).toMatchObject({
      httpStatus: 503,
      raven: { message: '3 events wait in memory' },
    });
  });

  it('is down for a while after events were lost to the limits of the server', async () => {
    const client = await start();
    receiver.respondWith(() => ({ status: 429, headers: { 'Retry-After': '60' } }));
    const limited = reached(client, 'limited');
    client.captureMessage('refused');
    await limited;
    client.captureMessage('not even tried');
    expect(await health()).toMatchObject({
      httpStatus: 200,
      raven: { status: 'up', state: 'limited', dropped: 2, lost: 2 },
    });
    expect(await health({ lostWithinMs: 60_000 })).toMatchObject({
      httpStatus: 503,
      raven: { status: 'down', message: 'events were lost' },
    });
    expect(await health({ lostWithinMs: 0, offlineForMs: 0 })).toMatchObject({ httpStatus: 200 });
  });

  it('does not mistake for a loss what was not wanted', async () => {
    const client = await start({ sampleRate: 0, ignoreExceptions: [RangeError] });
    client.captureMessage('not in the sample');
    client.captureException(new RangeError());
    expect(await health({ lostWithinMs: 60_000 })).toMatchObject({
      httpStatus: 200,
      raven: { status: 'up', dropped: 2, lost: 0 },
    });
  });

  it('is about the client that it names', async () => {
    const billing = await startReceiver();
    const options = testOptions(billing, { name: 'billing', shutdownTimeoutMs: 100 });
    const unnamed = await start({}, [RavenModule.forRoot(options)]);
    await billing.close();
    const client = app?.get<RavenClient>(getRavenToken('billing'));
    if (!client) throw new Error('no client');
    const offline = reached(client, 'offline');
    client.captureMessage('an invoice');
    await offline;
    expect(unnamed.state).toBe('online');
    expect((await health({ offlineForMs: 0 })).raven).toMatchObject({ status: 'up', state: 'online' });
    expect((await health({ client: 'billing', offlineForMs: 0 })).raven).toMatchObject({
      status: 'down',
      state: 'offline',
    });
  });

  it('is up and says so where there is no client of that name', async () => {
    await start();
    expect((await health({ client: 'bulling', offlineForMs: 0 })).raven).toEqual({
      status: 'up',
      state: 'unknown',
      message: 'no client named bulling',
    });
  });

  it('is up where a test of the app has something else in the place of the client', async () => {
    const stranger = { provide: RavenClient, useValue: { captureException: () => null } };
    @Module({ ...HEALTH, providers: [...(HEALTH.providers ?? []), stranger] })
    class Root {}
    app = await startModule(Root);
    expect((await health({ maxPending: 0 })).raven).toMatchObject({ status: 'up', state: 'unknown' });
  });

  it.each<[string, RavenOptions, (client: RavenClient) => unknown]>([
    ['without a DSN', { dsn: '' }, () => undefined],
    ['once the client is closed', {}, (client) => client.close()],
  ])('is up and disabled %s', async (_, options, end) => {
    await end(await start(options));
    const { httpStatus, raven } = await health({ offlineForMs: 0, maxPending: -1 });
    expect(httpStatus).toBe(200);
    expect(raven).toEqual({ status: 'up', state: 'disabled' });
  });
});
