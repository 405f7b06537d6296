import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingTransport, type RavenOptions, type TransportState } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { newClient, type TestClient } from './support/new-client';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

function clientOf(options: RavenOptions = {}): TestClient & { states: TransportState[] } {
  const made = newClient({ dsn: receiver.dsn(), transport: undefined, ...options }, { random: () => 0.01 });
  const states: TransportState[] = [];
  for (const state of ['online', 'limited', 'offline'] as const) {
    made.client.on(state, (now) => states.push(now));
  }
  return { ...made, states };
}

const until = (client: TestClient['client'], state: TransportState): Promise<unknown> =>
  new Promise((resolve) => client.on(state, resolve));

describe('the state of delivery', () => {
  it('is online from the beginning, and nobody is told while it stays so', async () => {
    const { client, states } = clientOf();
    client.captureMessage('m');
    expect(client.state).toBe('online');
    await client.flush();
    expect([client.state, states]).toEqual(['online', []]);
  });

  it('is offline while the server cannot be reached, and online once it took something', async () => {
    receiver.respondWith(() => ({ status: 502 }));
    const { client, states } = clientOf();
    client.captureMessage('m');
    await until(client, 'offline');
    expect(client.state).toBe('offline');
    receiver.respondWith();
    await until(client, 'online');
    expect([client.state, states]).toEqual(['online', ['offline', 'online']]);
  });

  it('is limited while the server takes no errors, and online when that is over', async () => {
    receiver.respondWith(() => ({ headers: { 'X-Sentry-Rate-Limits': '0.2:error:key' } }));
    const { client, states } = clientOf();
    client.captureMessage('m');
    await until(client, 'limited');
    expect(client.state).toBe('limited');
    await until(client, 'online');
    expect([client.state, states]).toEqual(['online', ['limited', 'online']]);
  });

  it('is online where only other things are limited', async () => {
    receiver.respondWith(() => ({ headers: { 'X-Sentry-Rate-Limits': '60:transaction;session:key' } }));
    const { client, states } = clientOf();
    client.captureMessage('m');
    await client.flush();
    expect([client.state, states]).toEqual(['online', []]);
  });

  it('is told no more to who does not want to hear of it', async () => {
    receiver.respondWith(() => ({ status: 502 }));
    const { client } = clientOf();
    let told = 0;
    const listener = (): void => void (told += 1);
    client.on('offline', listener).off('offline', listener);
    client.captureMessage('m');
    await until(client, 'offline');
    expect(told).toBe(0);
  });

  it('is told to all, whatever one of them throws, and what they capture goes nowhere', async () => {
    receiver.respondWith(() => ({ status: 502 }));
    const { client, lines } = clientOf();
    client.on('offline', () => {
      client.captureMessage('delivery failed');
      throw new Error('no');
    });
    client.captureMessage('m');
    await until(client, 'offline');
    expect(client.stats().captured).toBe(1);
    expect(lines).toContain('error: a listener failed: Error: no');
  });

  it('is online with a transport that tells of none, and without any', () => {
    expect(clientOf({ transport: new RecordingTransport() }).client.state).toBe('online');
    expect(clientOf({ dsn: '' }).client.state).toBe('online');
  });
});
