import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CaptureOptions,
  type MessageOptions,
  RavenClient,
  type RavenEvent,
  type RavenOptions,
  RecordingTransport,
} from 'nestjs-raven';
import { silentLogger } from '../support/silent-logger';

const MIB = 1024 * 1024;

/** The last event of what a client did. */
async function captured(act: (client: RavenClient) => void, options: RavenOptions = {}): Promise<RavenEvent> {
  const transport = new RecordingTransport();
  const client = new RavenClient(
    {
      dsn: 'http://public@localhost/1',
      installProcessHandlers: false,
      includeVersions: false,
      transport,
      ...options,
    },
    { logger: silentLogger, env: {} },
  );
  act(client);
  await client.close();
  return transport.events[transport.events.length - 1];
}

function sent(
  options: CaptureOptions & MessageOptions,
  act: (client: RavenClient) => void = () => {},
): Promise<RavenEvent> {
  return captured((client) => {
    act(client);
    client.captureMessage('m', options);
  });
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

  it('keeps what was thrown, and the newest breadcrumbs, where everything together is too much', async () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 300;
    const deep = (depth: number): Error => (depth === 0 ? new Error(long(9000)) : deep(depth - 1));
    const group = new AggregateError(
      Array.from({ length: 60 }, () => deep(300)),
      'ü'.repeat(9000),
      { cause: deep(300) },
    );
    Error.stackTraceLimit = stackTraceLimit;
    const fill = (client: RavenClient): void => {
      for (let count = 0; count < 100; count++)
        client.captureBreadcrumb({
          message: `${count} ${'ü'.repeat(2000)}`,
          data: { text: 'ü'.repeat(5000) },
        });
      client.captureException(group);
    };
    const event = await captured(fill, { maxBreadcrumbBytes: MIB });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MIB);
    const thrown = event.exception?.values.at(-1);
    expect(thrown?.type).toBe('AggregateError');
    expect(thrown?.value).toHaveLength(8192);
    expect(event.exception?.values[0].stacktrace?.frames).toHaveLength(50);
    expect(event.breadcrumbs?.values.at(-1)?.message).toMatch(/^99 /);
    expect(event.breadcrumbs?.values).toHaveLength(10);
  });

  it('is cut by bytes, as servers count, and not by characters', async () => {
    const event = await sent(
      {
        data: { contexts: { wide: { list: Array(90).fill('ü'.repeat(80)) } } },
        params: Array(40).fill(long(300)),
      },
      (client) => client.httpContext({ url: 'http://localhost/', data: 'ü'.repeat(8000) }),
    );
    const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
    expect(bytes(event.contexts?.wide)).toBeLessThanOrEqual(8192);
    expect(bytes(event.request?.data)).toBeLessThanOrEqual(8192 + 2);
    expect(bytes(event.logentry?.params)).toBeLessThanOrEqual(2048);
  });

  it('has breadcrumbs of at most 2 KiB of data each, four levels deep', async () => {
    const event = await sent({}, (client) => {
      client.captureBreadcrumb({
        message: 'large',
        type: long(500),
        data: { list: Array(40).fill(long(300)) },
      });
      client.captureBreadcrumb({ message: 'deep', data: { deep: tree(1, 10) } });
    });
    const [large, deep] = event.breadcrumbs?.values ?? [];
    expect(sizeOf(large.data)).toBeLessThanOrEqual(2048);
    expect(large.type).toHaveLength(128);
    expect(deep.data).toEqual({ deep: { k0: { k0: { k0: '[Object]' } } } });
  });

  it('is not read beyond its size: of a table of large texts but a few rows', async () => {
    let reads = 0;
    const cell = {
      enumerable: true,
      get: () => {
        reads += 1;
        return long(20_000);
      },
    };
    const columns = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`c${index}`, cell]));
    const event = await sent({
      extra: { table: Array.from({ length: 200 }, () => Object.defineProperties({}, columns)) },
    });
    expect(reads).toBeGreaterThan(50);
    expect(reads).toBeLessThan(200);
    expect(sizeOf(event.extra)).toBeLessThanOrEqual(256 * 1024);
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

describe('what an event loses first', () => {
  const frame = (index: number, bytes: number) => ({
    function: `f${index}`,
    filename: 'src/orders.ts',
    lineno: index + 1,
    in_app: index % 2 === 0,
    vars: { text: long(bytes) },
    context_line: long(150),
    pre_context: Array(5).fill(long(150)) as string[],
    post_context: Array(5).fill(long(150)) as string[],
  });
  interface Parts {
    frames: number;
    vars: number;
    crumbs: number;
    extras: number;
  }

  /** An event of such parts, as `beforeSend` may leave it. */
  async function trimmed({ frames, vars, crumbs, extras }: Parts): Promise<RavenEvent> {
    const event = await captured((client) => client.captureException(new Error('e')), {
      beforeSend: (event) => ({
        ...event,
        exception: {
          values: [
            {
              type: 'Error',
              value: 'e',
              mechanism: { type: 'generic' },
              stacktrace: { frames: Array.from({ length: frames }, (_, index) => frame(index, vars)) },
            },
          ],
        },
        breadcrumbs: {
          values: Array.from({ length: 100 }, (_, n) => ({
            timestamp: n,
            type: 'default',
            message: `${n}`,
            data: { text: long(crumbs) },
          })),
        },
        extra: { text: long(extras) },
        request: { method: 'POST', url: 'http://localhost/', data: long(8000), headers: { a: 'b' } },
      }),
    });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MIB);
    expect(JSON.stringify(event)).not.toContain('_meta');
    return event;
  }

  /** What is left of the parts, in the order in which they go. */
  function left(event: RavenEvent): string[] {
    const frames = event.exception?.values[0].stacktrace?.frames ?? [];
    return [
      frames.some(({ vars }) => vars) && 'vars',
      event.breadcrumbs?.values.some(({ data }) => data) && 'data of breadcrumbs',
      Object.keys(event.extra).length > 0 && 'extra',
      event.request?.data && 'body',
      frames.every((each) => each.context_line) && 'lines',
      event.breadcrumbs && 'breadcrumbs',
    ].filter((part) => typeof part === 'string');
  }

  it.each<[Parts, string[]]>([
    [
      { frames: 50, vars: 2000, crumbs: 2000, extras: 100_000 },
      ['vars', 'data of breadcrumbs', 'extra', 'body', 'lines', 'breadcrumbs'],
    ],
    [
      { frames: 200, vars: 2000, crumbs: 2000, extras: 100_000 },
      ['data of breadcrumbs', 'extra', 'body', 'lines', 'breadcrumbs'],
    ],
    [{ frames: 200, vars: 2000, crumbs: 6000, extras: 100_000 }, ['extra', 'body', 'lines', 'breadcrumbs']],
    [{ frames: 200, vars: 2000, crumbs: 9000, extras: 800_000 }, ['body', 'lines', 'breadcrumbs']],
    [{ frames: 620, vars: 2000, crumbs: 9000, extras: 800_000 }, ['breadcrumbs']],
  ])('of %j: only %j are left', async (parts, wanted) => {
    expect(left(await trimmed(parts))).toEqual(wanted);
  });

  it('of a stack: the middle, foreign frames first; the throw and where all began stay', async () => {
    const event = await trimmed({ frames: 15_000, vars: 0, crumbs: 0, extras: 0 });
    const frames = event.exception?.values[0].stacktrace?.frames ?? [];
    expect(frames).toHaveLength(50);
    expect(frames[0].function).toBe('f0');
    expect(frames.at(-1)?.function).toBe('f14999');
    expect(frames.slice(10, -40).every(({ in_app }) => in_app)).toBe(true);
    expect(frames.at(-1)?.context_line).toHaveLength(150);
  });
});

describe('the options of sizes', () => {
  it('maxValueLength is of messages, of errors and their causes', async () => {
    const error = await captured(
      (client) => client.captureException(new Error(long(100), { cause: new Error(long(50)) })),
      { maxValueLength: 20 },
    );
    expect(error.exception?.values.map(({ value }) => value?.length)).toEqual([20, 20]);
    const message = await captured((client) => client.captureMessage(long(100), { formatted: long(200) }), {
      maxValueLength: 20,
    });
    expect(message.logentry?.message).toHaveLength(20);
    expect(message.logentry?.formatted).toHaveLength(20);
    const longer = await captured((client) => client.captureMessage(long(90_000)), {
      maxValueLength: 100_000,
    });
    expect(longer.logentry?.message).toHaveLength(8192);
  });

  it.each([1, 3, 6, 10])('normalizeDepth %d is how deep extra is followed', async (normalizeDepth) => {
    const event = await captured((client) => client.captureMessage('m', { extra: { tree: tree(1, 20) } }), {
      normalizeDepth,
    });
    let depth = 0;
    for (let value: unknown = event.extra.tree; typeof value === 'object' && value; depth++)
      value = (value as Record<string, unknown>).k0;
    expect(depth).toBe(normalizeDepth);
  });

  it('maxBreadcrumbs is how many go along', async () => {
    const event = await captured(
      (client) => {
        for (let n = 0; n < 10; n++) client.captureBreadcrumb({ message: `${n}` });
        client.captureMessage('m');
      },
      { maxBreadcrumbs: 3 },
    );
    expect(event.breadcrumbs?.values.map(({ message }) => message)).toEqual(['7', '8', '9']);
  });

  it('hold for whatever is captured, and the event fits', async () => {
    const textOf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(100_000).map((n) => '€\ud800"'.repeat(n / 4)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          stringMaxLength: fc.integer({ min: 16, max: 1000 }),
          listMaxLength: fc.integer({ min: 1, max: 100 }),
          normalizeDepth: fc.integer({ min: 1, max: 10 }),
          maxValueLength: fc.integer({ min: 4, max: 9000 }),
        }),
        fc.array(textOf, { minLength: 1, maxLength: 4 }),
        fc.anything({ maxDepth: 4 }),
        async (options, texts, anything) => {
          const causes = texts.reduce<Error | undefined>(
            (cause, value) => new Error(value, { cause }),
            undefined,
          );
          const extra = { anything, texts, wide: Array(200).fill(texts) };
          const event = await captured((client) => {
            for (const message of texts) client.captureBreadcrumb({ message, data: { extra } });
            client.captureException(causes, {
              extra,
              data: { contexts: { extra }, request: { data: extra } },
            });
          }, options);
          const json = JSON.stringify(event);
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MIB);
          expect(json).not.toContain('"_meta"');
          const thrown = event.exception?.values.at(-1);
          expect(thrown?.type).toBe('Error');
          expect(thrown?.stacktrace?.frames.length).toBeGreaterThan(0);
          expect(thrown?.value?.length).toBeLessThanOrEqual(options.maxValueLength);
          const check = (value: unknown): void => {
            if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(options.stringMaxLength);
            if (typeof value !== 'object' || value === null) return;
            expect(Object.keys(value).length).toBeLessThanOrEqual(options.listMaxLength);
            Object.values(value).forEach(check);
          };
          Object.values(event.extra).forEach(check);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the tags of an event', () => {
  it('have keys and values that servers take, and none is lost for another', async () => {
    const event = await sent({
      tags: {
        'a b': 1,
        'a/b': 2,
        'a-b': 3,
        кл: 'ю',
        '': 'no key',
        empty: '',
        blank: ' \n ',
        ' x ': ' y\nz ',
      },
    });
    expect(event.tags).toEqual({ 'a-b': '1', 'a-b-2': '2', 'a-b-3': '3', '--': 'ю', '-x-': 'y z' });
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
