import { RavenClient } from 'nestjs-raven';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryWatch } from '../../lib/terminus/delivery-watch';
import { startReceiver, type Receiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';
import { testOptions } from '../support/test-app';

let receiver: Receiver;
let client: RavenClient;
let nowMs: number;
beforeEach(async () => {
  receiver = await startReceiver();
  nowMs = 5000;
});
afterEach(async () => {
  await client.close(100);
  await receiver.close();
});

function watch(): DeliveryWatch {
  client = new RavenClient(testOptions(receiver), { logger: silentLogger });
  return new DeliveryWatch(client, () => nowMs);
}

async function loseServer(): Promise<void> {
  await receiver.close();
  const offline = new Promise((resolve) => client.on('offline', resolve));
  client.captureMessage('lost?');
  await offline;
}

describe('the watch over a client', () => {
  it('knows how long an outage has lasted, and forgets it with the end', async () => {
    const watching = watch();
    expect(watching.look()).not.toHaveProperty('offlineMs');
    await loseServer();
    nowMs += 60_000;
    expect(watching.look().offlineMs).toBe(60_000);
    nowMs += 1;
    expect(watching.look().offlineMs).toBe(60_001);

    receiver = await startReceiver({ port: receiver.port });
    await client.flush(5000);
    expect(watching.look()).not.toHaveProperty('offlineMs');
    await loseServer();
    nowMs += 7;
    expect(watching.look().offlineMs).toBe(7);
  });

  it('does not count a server that limits as an outage', async () => {
    const watching = watch();
    await loseServer();
    const limited = new Promise((resolve) => client.on('limited', resolve));
    receiver = await startReceiver({
      port: receiver.port,
      respond: () => ({ status: 200, headers: { 'X-Sentry-Rate-Limits': '60:error:key' } }),
    });
    await client.flush(5000);
    await limited;
    expect(watching.look()).not.toHaveProperty('offlineMs');
  });

  it('counts from the last loss that it saw', async () => {
    const watching = watch();
    receiver.respondWith(() => ({ status: 400 }));
    expect(watching.look()).not.toHaveProperty('lostAgoMs');
    client.captureMessage('one');
    await client.flush();
    expect(watching.look()).toMatchObject({ lost: 1, lostAgoMs: 0 });
    nowMs += 300;
    expect(watching.look().lostAgoMs).toBe(300);
    client.captureMessage('two');
    await client.flush();
    expect(watching.look()).toMatchObject({ lost: 2, lostAgoMs: 0 });
  });
});
