import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver } from '../support/receiver';
import { Fleet } from './support/fleet';
import { RedisServer } from './support/redis-server';

let fleet: Fleet;
let redis: RedisServer;
let receiver: Receiver;
beforeAll(() => {
  fleet = new Fleet();
});
afterAll(() => fleet.remove());
beforeEach(async () => {
  redis = await RedisServer.start();
  receiver = await startReceiver();
});
afterEach(async () => {
  await fleet.endAll();
  await receiver.close();
  await redis.remove();
});

/** A Nest app whose client captures as many messages as it is told and closes. */
const CAPTURE_AND_CLOSE = `
  const app = await startApp(RavenModule.forRoot({
    dsn: settings.dsn, includeVersions: false, transport: RavenBullTransport.on({ connection: settings.connection }),
  }));
  const raven = app.get(RavenClient);
  for (let n = 0; n < settings.count; n++) raven.captureMessage('message ' + n);
  await app.close();
  process.send({ stats: raven.stats() });
  process.disconnect();
`;

describe('a fleet', () => {
  it('delivers by a worker what an app captured', async () => {
    const app = fleet.run(CAPTURE_AND_CLOSE, { dsn: receiver.dsn(), connection: redis.url, count: 50 });
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(app.told).toEqual([
      { stats: expect.objectContaining({ captured: 50, sent: 50, pending: 0 }) as unknown },
    ]);
    expect(receiver.requests).toEqual([]);
    const worker = fleet.forwarder({ dsn: receiver.dsn(), connection: redis.url });
    const events = await receiver.waitForEvents(50);
    expect(new Set(events.map(({ logentry }) => logentry.message)).size).toBe(50);
    expect(await worker.ask('stats')).toMatchObject({
      sent: 50,
      queue: { waiting: 0, delayed: 0, deadLetters: 0 },
    });
    expect(await worker.kill('SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    console.log(app.output, worker.output);
  });
});
