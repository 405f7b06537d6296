import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport, type CaptureOptions, type RavenEvent } from 'nestjs-raven';
import { silentLogger } from '../support/silent-logger';

const MIB = 1024 * 1024;

async function sent(
  options: CaptureOptions,
  act: (client: RavenClient) => void = () => {},
): Promise<RavenEvent> {
  const transport = new RecordingTransport();
  const client = new RavenClient(
    { dsn: 'http://public@localhost/1', installProcessHandlers: false, includeVersions: false, transport },
    { logger: silentLogger, env: {} },
  );
  act(client);
  client.captureMessage('m', options);
  await client.close();
  return transport.events[0];
}
const sizeOf = (value: unknown): number => JSON.stringify(value).length;
const long = (length: number): string => 'x'.repeat(length);

/** A tree of so many branches at every node. */
function tree(branches: number, depth: number): unknown {
  if (depth === 0) return 'a leaf';
  return Object.fromEntries(
    Array.from({ length: branches }, (_, index) => [`k${index}`, tree(branches, depth - 1)]),
  );
}

describe('an event that a server would refuse for its size', () => {
  it('is cut: a large tree as extra, many large texts as a context', async () => {
    const event = await sent({
      extra: { tree: tree(12, 5) },
      data: {
        contexts: { big: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, long(15_000)])) },
      },
    });
    expect(sizeOf(event)).toBeLessThan(MIB / 2);
    expect(event.extra.tree).toBeDefined();
    expect(sizeOf(event.contexts?.big)).toBeLessThanOrEqual(8192);
  });

  it('has its parts in the lengths of the protocol', async () => {
    const event = await sent(
      {
        tags: { [long(300)]: long(300) },
        data: { release: long(500), environment: long(500), server_name: long(500), dist: long(500) },
      },
      (client) =>
        client.httpContext({
          url: `http://localhost/${long(5000)}`,
          query_string: long(5000),
          data: long(16_000),
          headers: { a: long(15_000) },
          cookies: { a: long(15_000) },
        }),
    );
    expect(event.release).toHaveLength(200);
    expect(event.environment).toHaveLength(64);
    expect(event.dist).toHaveLength(64);
    expect(event.server_name).toHaveLength(256);
    expect(Object.entries(event.tags).map(([key, value]) => [key.length, String(value).length])).toEqual([
      [200, 200],
    ]);
    const { request } = event;
    expect(request?.url).toHaveLength(256);
    expect(request?.query_string).toHaveLength(1024);
    expect(request?.data).toHaveLength(8192);
    expect(sizeOf(request?.headers)).toBeLessThanOrEqual(8192);
    expect(sizeOf(request?.cookies)).toBeLessThanOrEqual(2048);
  });

  it('whatever it is given', async () => {
    const anything = fc.anything({ maxDepth: 4, maxKeys: 20 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), anything), fc.nat(60_000), async (extra, length) => {
        const event = await sent({ extra: { ...extra, text: long(length), list: Array(200).fill(extra) } });
        expect(sizeOf(event)).toBeLessThan(MIB / 2);
      }),
      { numRuns: 50 },
    );
  });

  it('is not looked at beyond what could be sent, however large it is', async () => {
    let reads = 0;
    const endless = (): object =>
      Object.defineProperties(
        {},
        Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [
            `k${index}`,
            {
              enumerable: true,
              get: () => {
                reads += 1;
                return endless();
              },
            },
          ]),
        ),
      );
    await sent({ extra: { value: endless() } });
    expect(reads).toBeGreaterThan(100);
    expect(reads).toBeLessThan(10_000);
  });
});

describe('an event with values of wrong types', () => {
  it('goes out in a form that servers take', async () => {
    const event = await sent({
      data: { timestamp: 'yesterday', platform: 5, sdk: 'x', exception: 'x', breadcrumbs: 'x' },
    });
    expect(event).not.toHaveProperty('timestamp');
    expect(event).not.toHaveProperty('exception');
    expect(event.platform).toBe('node');
    expect(event.sdk).toMatchObject({ name: 'nestjs.raven' });
  });
});
