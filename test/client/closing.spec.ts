import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HttpTransport } from 'nestjs-raven';
import { setTimer } from '../../lib/transport/set-timer';
import { newClient } from './support/new-client';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raven-closing-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Nobody listens on port 9. */
const DEAD = 'http://public@127.0.0.1:9/1';
const spooled = (): number =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.envelope'))
    .length;

/** Takes longer for everything than it was told to, as on a machine that is busy. */
class SlowTransport extends HttpTransport {
  constructor(options: ConstructorParameters<typeof HttpTransport>[0]) {
    super({
      ...options,
      setTimer: (callback, delayMs, keepAlive) => setTimer(callback, delayMs * 5, keepAlive),
    });
  }
}

describe('a client that is closed', () => {
  it('has everything on disk by then, also where that takes longer than the time', async () => {
    const { client } = newClient({ dsn: DEAD, transport: SlowTransport, spool: { directory } });
    for (let count = 0; count < 50; count++) client.captureMessage('m');
    expect(await client.close(40)).toBe(false);
    expect(client.stats()).toMatchObject({ captured: 50, spooled: 50, pending: 0, dropped: {} });
    expect(spooled()).toBe(50);
  });

  it('has everything on disk by then without any time', async () => {
    const { client } = newClient({ dsn: DEAD, transport: undefined, spool: { directory } });
    for (let count = 0; count < 50; count++) client.captureMessage('m');
    await client.close(0);
    expect(spooled()).toBe(50);
  });

  it('delivers also what was put off while it waited for a hook', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const { client } = newClient({
      beforeSend: ({ message }) => (message === 'slow' ? released : undefined),
      transport: {
        send: () => done.push('sent'),
        flush: () => Promise.resolve(true),
        close: () => (done.push('closed'), Promise.resolve(true)),
      },
    });
    client.captureMessage('slow');
    const closed = client.close(5000);
    client.context.run(() => client.captureException(new Error('late'), { isPutOff: true }));
    release();
    await closed;
    expect(done).toEqual(['sent', 'sent', 'closed']);
  });

  it('gives up a hook that does not end in time for the rest to be delivered', async () => {
    const given: number[] = [];
    const { client } = newClient({
      beforeSend: () => new Promise(() => undefined),
      transport: {
        send: () => undefined,
        flush: () => Promise.resolve(true),
        close: (timeoutMs) => (given.push(timeoutMs), Promise.resolve(true)),
      },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    client.captureMessage('stuck');
    const closed = client.close(400);
    await vi.advanceTimersByTimeAsync(400);
    expect(await closed).toBe(false);
    expect(given).toEqual([120]);
  });

  it('says nothing more when the process ends, also where closing rejected', async () => {
    const before = process.listenerCount('exit');
    const { client } = newClient({
      installProcessHandlers: true,
      raiseSendErrors: true,
      transport: {
        send: (() => Promise.reject(new Error('no way out'))) as () => void,
        flush: () => Promise.resolve(true),
        close: () => Promise.resolve(true),
      },
    });
    client.captureMessage('m');
    expect(process.listenerCount('exit')).toBe(before + 1);
    await expect(client.close(100)).rejects.toThrow('no way out');
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('or flushed may be given all the time in the world', async () => {
    const { client } = newClient({
      beforeSend: (event) => new Promise((resolve) => setImmediate(resolve, event)),
      transport: {
        send: () => undefined,
        flush: () => new Promise((resolve) => setImmediate(resolve, true)),
        close: () => new Promise((resolve) => setImmediate(resolve, true)),
      },
    });
    client.captureMessage('m');
    expect(await client.flush(Infinity)).toBe(true);
    expect(await client.close(Infinity)).toBe(true);
  });
});
