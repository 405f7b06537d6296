import { inspect } from 'node:util';
import { RavenClient, type RavenOptions } from 'nestjs-raven';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startReceiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';
import { newClient } from './support/new-client';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('an event arrives', () => {
  it.each([1, Number.NaN])('where Math.random says %d, as long as all are sampled', (said) => {
    const { client, transport } = newClient({}, { random: () => said });
    client.captureMessage('kept');
    expect(transport.events).toHaveLength(1);
    client.captureMessage('not drawn', { sampleRate: 0.5 });
    expect(transport.events).toHaveLength(1);
  });

  it('where the system does not tell its memory', () => {
    // What was asked for a moment ago would be told again.
    vi.spyOn(performance, 'now').mockReturnValue(1e12);
    vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
      throw new Error('ENOENT: no such file or directory, uv_resident_set_memory');
    });
    const { client, event } = newClient();
    expect(client.captureMessage('kept')).not.toBeNull();
    expect(event().logentry?.message).toBe('kept');
  });

  it('where timers are numbers, as in tests that stand for a browser', async () => {
    const { setTimeout: inTime, setImmediate: soon } = globalThis;
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const client = new RavenClient(
      { dsn: receiver.dsn(), installProcessHandlers: false, sourceMaps: false, includeVersions: false },
      { logger: silentLogger, env: {} },
    );
    vi.stubGlobal('setTimeout', (run: () => void, ms: number) => Number(inTime(run, ms)));
    vi.stubGlobal('setImmediate', (run: () => void) => void soon(run));
    client.captureMessage('kept');
    await expect(client.flush(10_000)).resolves.toBe(true);
    vi.unstubAllGlobals();
    await client.close(0);
    expect(receiver.events).toHaveLength(1);
  });
});

describe('options that are printed', () => {
  it('hold no key, password or token, and are the same as before to whoever reads them', () => {
    const options: RavenOptions = {
      dsn: 'http://q7Zkpublic:q7Zksecret@localhost/1',
      tags: { region: 'eu', apiKey: 'q7Zk' },
      context: { proxy: { host: 'h', auth: { password: 'q7Zk' } }, url: 'redis://:q7Zk@cache' },
    };
    const { client } = newClient(options);
    for (const shown of [inspect(client.options, { depth: 9 }), JSON.stringify(client.options)]) {
      expect(shown).not.toContain('q7Zk');
      expect(shown).toContain('localhost/1');
      expect(shown).toContain('region');
    }
    expect(client.options.dsn).toBe(options.dsn);
    expect({ ...client.options }).toMatchObject({ tags: { apiKey: 'q7Zk' } });
  });
});
