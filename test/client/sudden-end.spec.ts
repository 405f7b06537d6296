import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, type RavenOptions } from '../../lib';
import { loadModules } from '../../lib/event/installed-modules';
import { silentLogger } from '../support/silent-logger';

let directory = '';
let client: RavenClient;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raven-sudden-'));
});
afterEach(async () => {
  await client.close(0);
  rmSync(directory, { recursive: true, force: true });
});

/** Nobody listens on port 9. */
function clientWith(
  spool: Partial<NonNullable<RavenOptions['spool']>>,
  options: RavenOptions = {},
): RavenClient {
  client = new RavenClient(
    {
      dsn: 'http://public@127.0.0.1:9/1',
      installProcessHandlers: false,
      spool: { directory, ...spool },
      ...options,
    },
    { logger: silentLogger, env: {} },
  );
  return client;
}

function spooledNames(): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.envelope'),
  );
}

describe('a process that ends suddenly', () => {
  it("has each event on disk when its capture returns, with durability 'crash', also the first ones", () => {
    clientWith({ durability: 'crash' }, { includeVersions: true });
    for (let count = 0; count < 3; count++) {
      const id = client.captureException(new Error(`error ${count}`));
      const names = spooledNames();
      expect(names).toHaveLength(count + 1);
      expect(names.some((name) => name.includes(String(id)))).toBe(true);
    }
  });

  it('counts what it writes in its last moment as spooled, and as nothing else', () => {
    clientWith({ durability: 'shutdown' }, { includeVersions: false });
    for (let count = 0; count < 3; count++) client.captureException(new Error(`error ${count}`));
    expect(client.endNow().deliveries).toEqual([]);
    expect(client.stats()).toMatchObject({
      captured: 3,
      spooled: 3,
      pending: 0,
      dropped: {},
      queueLength: 0,
    });
    expect(spooledNames()).toHaveLength(3);
  });

  it('keeps what it closes with although the versions of packages are not known yet, and asks beforeSend once', async () => {
    const asked: unknown[] = [];
    clientWith(
      { durability: 'shutdown' },
      { includeVersions: true, beforeSend: (event) => void asked.push(event.event_id) },
    );
    const ids = [1, 2, 3].map((count) => client.captureException(new Error(`error ${count}`)));
    await client.close(0);
    expect(client.stats()).toMatchObject({ captured: 3, spooled: 3, pending: 0, dropped: {} });
    expect(spooledNames()).toHaveLength(3);
    await loadModules(process.cwd());
    expect(asked).toEqual(ids);
  });

  it('drops none of a burst while the versions of packages are being read: what has no room to wait goes without', () => {
    // Waiting may take a fifth of it, which is one event; the queue has room for all.
    clientWith({}, { includeVersions: true, maxQueueBytes: 65_536 });
    const tags = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`t${index}`, 'x'.repeat(200)]));
    for (let count = 0; count < 3; count++) client.captureMessage('m', { tags });
    client.endNow();
    expect(client.stats()).toMatchObject({ captured: 3, spooled: 3 });
    expect(client.stats().dropped).toEqual({});
  });

  it('still counts as pending what nobody could take', () => {
    client = new RavenClient(
      { dsn: 'http://public@127.0.0.1:9/1', installProcessHandlers: false, includeVersions: false },
      { logger: silentLogger, env: {} },
    );
    for (let count = 0; count < 3; count++) client.captureException(new Error(`error ${count}`));
    expect(client.endNow().deliveries).toHaveLength(3);
    expect(client.stats()).toMatchObject({ captured: 3, spooled: 0, pending: 3, dropped: {} });
  });
});
