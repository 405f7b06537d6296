import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, recordBreadcrumb, RecordingTransport, type RavenOptions } from 'nestjs-raven';
import { runInScope, WorkScope } from '../../lib/context/scope';
import { silentLogger } from '../support/silent-logger';

const clients: RavenClient[] = [];
function newClient(options: RavenOptions = {}): { client: RavenClient; transport: RecordingTransport } {
  const transport = new RecordingTransport();
  const client = new RavenClient(
    {
      dsn: 'http://public@localhost/1',
      transport,
      installProcessHandlers: false,
      includeVersions: false,
      frameContextLines: 0,
      sourceMaps: false,
      ...options,
    },
    { logger: silentLogger, env: {} },
  );
  clients.push(client);
  return { client, transport };
}

describe('a context', () => {
  let client: RavenClient;
  let transport: RecordingTransport;
  beforeEach(() => ({ client, transport } = newClient()));
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close(0);
  });

  it('merges tags and extra key by key, and replaces every other key whole', () => {
    client.context.merge({ tags: { a: 1, b: 1 }, user: { id: '1', email: 'a@example.com' } });
    client.context.merge({ tags: { b: 2 }, user: { id: '2' } });
    expect(client.context.get()).toEqual({ tags: { a: 1, b: 2 }, user: { id: '2' } });
    expect(Object.fromEntries(client.context)).toEqual(client.context.get());
  });

  it('is replaced whole by set, and emptied with its breadcrumbs and reported errors by clear', () => {
    const error = new Error('once');
    client.context.merge({ tags: { a: 1 } });
    client.captureBreadcrumb({ message: 'm' });
    expect(client.captureException(error)).not.toBeNull();
    expect(client.captureException(error)).toBeNull();
    client.context.set({ logger: 'l' });
    expect(client.context.get()).toEqual({ logger: 'l' });
    client.context.clear();
    expect(client.context.get()).toEqual({});
    expect(client.context.breadcrumbs).toEqual([]);
    expect(client.captureException(error)).not.toBeNull();
  });

  it('gives what run sets to run alone, also when it is asynchronous', async () => {
    client.tagsContext({ outer: 1 });
    await client.context.run(async () => {
      client.tagsContext({ inner: 1 });
      await wait(1);
      expect(client.context.get().tags).toEqual({ outer: 1, inner: 1 });
    });
    expect(client.context.get().tags).toEqual({ outer: 1 });
  });

  it('gives what the function gives, whatever that does when it is asked what it is', () => {
    const hostile = (): never => {
      throw new Error('trap');
    };
    const value = new Proxy({}, { get: hostile, getPrototypeOf: hostile });
    expect(client.context.run(() => value) === value).toBe(true);
  });

  it('is left by run when the function throws', () => {
    expect(() =>
      client.context.run(() => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(client.context).toBe(client.rootContext);
  });

  it('keeps two runs side by side apart', async () => {
    const seen = await Promise.all(
      ['a', 'b'].map((name) =>
        client.context.run(async () => {
          client.tagsContext({ name });
          await wait(2);
          return client.context.get().tags;
        }),
      ),
    );
    expect(seen).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('is entered for the rest of a block', () => {
    {
      using scope = client.context.enter();
      client.tagsContext({ inner: 1 });
      expect(scope.context.get()).toEqual({ tags: { inner: 1 } });
    }
    expect(client.context.get()).toEqual({});
  });

  it('ends with an async function that entered it, for its caller too', async () => {
    const { client } = newClient();
    const step = async (): Promise<void> => {
      using scope = client.context.enter();
      client.tagsContext({ inner: 1 });
      await Promise.resolve();
      expect(scope.context.get()).toEqual({ tags: { inner: 1 } });
    };
    await client.context.run(async () => {
      await step();
      client.tagsContext({ after: 1 });
      expect(client.context.get()).toEqual({ tags: { after: 1 } });
    });
    await step();
    expect(client.context).toBe(client.rootContext);
  });

  it('does not report an error again outside that was reported inside', () => {
    const error = new Error('e');
    client.context.run(() => expect(client.captureException(error)).not.toBeNull());
    expect(client.captureException(error)).toBeNull();
    expect(client.lastEventId).toBe(transport.events[0]?.event_id);
  });

  it('leaves another client alone', () => {
    const other = newClient().client;
    client.context.run(() => {
      other.tagsContext({ kept: 1 });
      client.tagsContext({ lost: 1 });
    });
    expect(other.context.get()).toEqual({ tags: { kept: 1 } });
    expect(client.context.get()).toEqual({});
  });

  it('is one of its own in each piece of work, and inherits what was set before', () => {
    client.tagsContext({ boot: 1 });
    const error = new Error('shared');
    for (let round = 0; round < 2; round++) {
      runInScope(new WorkScope(), () => {
        expect(client.context.get()).toEqual({ tags: { boot: 1 } });
        client.tagsContext({ boot: 2 });
        client.captureBreadcrumb({ message: 'inside' });
        expect(client.captureException(error)).not.toBeNull();
      });
    }
    expect(client.context.get()).toEqual({ tags: { boot: 1 } });
    expect(client.context.breadcrumbs).toEqual([]);
  });
});

describe('a breadcrumb of a library', () => {
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close(0);
  });

  it('reaches every client whose context is active, and no closed or disabled one', async () => {
    const first = newClient().client;
    const second = newClient().client;
    const inactive = newClient().client;
    const disabled = newClient({ enabled: false }).client;
    const closed = newClient().client;
    inactive.context.deactivate();
    await closed.close(0);

    recordBreadcrumb({ message: 'm' });

    const counts = [first, second, inactive, disabled, closed].map((one) => one.context.breadcrumbs.length);
    expect(counts).toEqual([1, 1, 0, 0, 0]);
  });

  it('is recorded again once the context is activated, by merging too', () => {
    const { client } = newClient();
    client.context.deactivate();
    recordBreadcrumb({ message: 'lost' });
    client.context.merge({ tags: {} });
    recordBreadcrumb({ message: 'kept' });
    client.context.merge({ tags: {} }, false);
    expect(client.context.breadcrumbs.map(({ message }) => message)).toEqual(['kept']);
  });

  it('is not recorded after clear in a piece of work, but still outside of one', () => {
    const { client } = newClient();
    runInScope(new WorkScope(), () => {
      client.context.clear();
      expect(client.context.active).toBe(false);
      client.context.activate();
      client.context.clear(false);
      expect(client.context.active).toBe(true);
    });
    client.context.clear();
    expect(client.context.active).toBe(true);
  });
});
