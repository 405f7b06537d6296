import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RavenClient, RecordingTransport, type RavenOptions } from 'nestjs-raven';
import { jsonLine } from '../../lib/protocol/json-line';
import {
  anyCaptures,
  captureAllKinds,
  captureTooMuch,
  TELLING_OPTIONS,
  THROWN,
} from '../support/event-kinds';
import { startReceiver } from '../support/receiver';
import { askForOrders, FailingOrdersController } from '../support/request-events';
import { silentLogger } from '../support/silent-logger';
import { PLATFORMS, startApp } from '../support/test-app';
import { startNormalizer, type Normalizer } from './support/normalizer';

const programs = inject('receiverPrograms');

async function wireEvents(options: RavenOptions, act: (client: RavenClient) => void): Promise<unknown[]> {
  const transport = new RecordingTransport();
  const client = new RavenClient(
    { dsn: 'http://public@localhost/1', installProcessHandlers: false, ...options, transport },
    { logger: silentLogger },
  );
  act(client);
  await client.close();
  return transport.events;
}

/** What the normalizer says it rejected or cut: it stands under `_meta`, on the path of the field. */
function remarks(meta: unknown, path = ''): string[] {
  if (typeof meta !== 'object' || meta === null) return [];
  return Object.entries(meta).flatMap(([key, value]) =>
    key === '' ? [`${path}: ${JSON.stringify(value)}`] : remarks(value, `${path}/${key}`),
  );
}

/** Every text in a value, keys and all. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    Array.isArray(value) ? texts(member) : [key, ...texts(member)],
  );
}

describe.skipIf(programs === '')("Sentry's normalizer", () => {
  let normalizer: Normalizer;
  beforeAll(() => {
    normalizer = startNormalizer(programs);
  });
  afterAll(() => normalizer?.stop());

  async function faultsOf(event: unknown): Promise<string[]> {
    const { event: normalized, refused } = await normalizer.normalize(jsonLine(event) as string);
    return refused === undefined ? remarks(normalized?._meta) : [refused];
  }

  async function faults(events: readonly unknown[]): Promise<string[]> {
    return (await Promise.all(events.map(faultsOf))).flat();
  }

  /** Texts of an event that are nowhere in what became of it. */
  async function lostTexts(event: unknown): Promise<string[]> {
    const { event: normalized } = await normalizer.normalize(jsonLine(event) as string);
    const kept = JSON.stringify(normalized).toLowerCase();
    return texts(event).filter((text) => !kept.includes(JSON.stringify(text).slice(1, -1).toLowerCase()));
  }

  it('says what it has against an event', async () => {
    const event = { tags: { 'no/key': 'x' }, logentry: { message: 'x'.repeat(9000) }, unheard: 'of' };
    const found = await faultsOf(event);
    expect(found.map((fault) => fault.split(':')[0])).toEqual([
      '/logentry/formatted',
      '/tags/0/0',
      '/unheard',
    ]);
    expect(await lostTexts({ user: { data: {} } })).toEqual(['user', 'data']);
    const half = await normalizer.normalize('{"logentry":{"message":"\\ud800"}}');
    expect(half.refused).toContain('hex escape');
  });

  it.each(THROWN)('has nothing against an exception: %s', async (_, thrown) => {
    const events = await wireEvents({}, (client) => client.captureException(thrown));
    expect(events).toHaveLength(1);
    expect(await faults(events)).toEqual([]);
    expect(await lostTexts(events[0])).toEqual([]);
  });

  it('keeps all that contexts, captures and options add', async () => {
    const events = await wireEvents(TELLING_OPTIONS, captureAllKinds);
    expect(events).toHaveLength(4);
    expect(await faults(events)).toEqual([]);
    expect((await Promise.all(events.map(lostTexts))).flat()).toEqual([]);
  });

  it('has nothing to cut where an app gives too much of everything', async () => {
    const events = await wireEvents(TELLING_OPTIONS, captureTooMuch);
    expect(events).toHaveLength(2);
    expect(await faults(events)).toEqual([]);
  });

  it('refuses no half of a surrogate pair, which is U+FFFD on the wire', async () => {
    const events = await wireEvents({}, (client) => {
      client.captureMessage('half \ud800 \\ud800', {
        extra: { 'key \udfff': '\udfff' },
        tags: { half: '\ud800' },
      });
    });
    const { event } = await normalizer.normalize(jsonLine(events[0]) as string);
    expect(event).toMatchObject({
      logentry: { formatted: 'half \ufffd \\ud800' },
      extra: { 'key \ufffd': '\ufffd' },
      tags: expect.arrayContaining([['half', '\ufffd']]),
    });
  });

  it('has nothing against whatever is given as tags, extra, user, request, level, fingerprint and data', async () => {
    await fc.assert(
      fc.asyncProperty(anyCaptures, async (capture) => {
        const events = await wireEvents({ includeVersions: false }, capture);
        expect(events).toHaveLength(3);
        expect(await faults(events)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  describe.each(PLATFORMS)('of requests on %s', (platform) => {
    it.each([true, false])('has nothing against events with sendDefaultPii %s', async (sendDefaultPii) => {
      const receiver = await startReceiver();
      const controllers = [FailingOrdersController];
      const app = await startApp(receiver, { controllers }, { sendDefaultPii }, platform);
      await askForOrders(app);
      await app.close();
      await receiver.close();
      expect(receiver.events).toHaveLength(3);
      expect(await faults(receiver.events)).toEqual([]);
      // A query is kept as its pairs.
      const events = receiver.events.map(({ request, ...event }) => {
        if (request.query_string === undefined) return { ...event, request };
        return {
          ...event,
          request: { ...request, query_string: [...new URLSearchParams(request.query_string)] },
        };
      });
      expect((await Promise.all(events.map(lostTexts))).flat()).toEqual([]);
    });
  });
});
