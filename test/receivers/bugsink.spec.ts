import { gunzipSync } from 'node:zlib';
import axios, { type AxiosInstance } from 'axios';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  HttpTransport,
  RavenClient,
  RecordingTransport,
  type EventLevel,
  type RavenOptions,
} from 'nestjs-raven';
import { parseDsn } from '../../lib/protocol/dsn';
import {
  anyCaptures,
  captureAllKinds,
  captureTooMuch,
  TELLING_OPTIONS,
  THROWN,
} from '../support/event-kinds';
import { errorOf, parseEnvelope } from '../support/receiver';
import { askForOrders, FailingOrdersController } from '../support/request-events';
import { recordingLogger } from '../support/silent-logger';
import { PLATFORMS, startApp } from '../support/test-app';
import { startBugsink, type Bugsink, type Project, type StoredEvent } from './support/bugsink';

const programs = inject('receiverPrograms');
const DELIVER_WITHIN_MS = 30_000;
const LEVELS: EventLevel[] = ['fatal', 'error', 'warning', 'info', 'debug'];

/** What went over the wire: each request's body and the answer's status. */
interface Exchange {
  path: string;
  /** As the header says; false where there is none. */
  encoding: string | false;
  body: Buffer;
  status: number;
}

/** A real axios that takes note of what it did. */
function notingAxios(): { instance: AxiosInstance; exchanges: Exchange[] } {
  const instance = axios.create();
  const exchanges: Exchange[] = [];
  instance.interceptors.response.use((response) => {
    const { url = '', headers, data } = response.config;
    const encoding = headers.get('Content-Encoding') as Exchange['encoding'];
    const body = encoding === 'gzip' ? gunzipSync(data as Buffer) : Buffer.from(data as Buffer);
    exchanges.push({ path: new URL(url).pathname, encoding, body, status: response.status });
    return response;
  });
  return { instance, exchanges };
}

describe.skipIf(programs === '')('events kept by Bugsink', () => {
  let bugsink: Bugsink;
  let project: Project;
  beforeAll(async () => {
    bugsink = await startBugsink(programs);
  });
  beforeEach(async () => {
    project = await bugsink.newProject();
  });
  afterAll(() => bugsink?.stop());

  /** Lets a client act, and everything it captured be delivered. */
  async function deliver(options: RavenOptions, act: (client: RavenClient) => void): Promise<string[]> {
    const logger = recordingLogger();
    const client = new RavenClient(
      { dsn: project.dsn, installProcessHandlers: false, includeVersions: false, ...options },
      { logger, env: {} },
    );
    act(client);
    expect(await client.close(DELIVER_WITHIN_MS)).toBe(true);
    return logger.lines;
  }

  /** Everything the project has; what was refused when it was worked on is told by the log. */
  async function stored(count: number): Promise<StoredEvent[]> {
    const events = await project.events();
    if (events.length !== count)
      expect.fail(`${events.length} of ${count} events are there:\n${bugsink.log()}`);
    expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(count);
    return events;
  }

  it('are there once each, whatever was thrown', async () => {
    const ids: (string | null)[] = [];
    await deliver({}, (client) => {
      for (const [, thrown] of THROWN) ids.push(client.captureException(thrown));
    });
    const events = await stored(THROWN.length);
    const values = new Map(
      events.map(({ data }) => [
        data.event_id,
        data.exception.values.map(({ type, value }) => `${type}: ${value}`),
      ]),
    );
    expect(ids.map((id) => values.get(id ?? ''))).toEqual([
      ['Error: non-error thrown: undefined'],
      ['Error: non-error thrown: null'],
      ['string: text'],
      ['Object: non-error thrown: {"code":17,"nested":{"list":[1,null]}}'],
      ['RangeError: inner', 'TypeError: outer'],
      ['Error: one', 'AggregateError: several'],
      ['Error: cause', 'Error: cyclic'],
      ['AbortError: no'],
      ['TypeError: elsewhere'],
      ['Error: frozen'],
    ]);
  });

  it('have the title and the stack of what was thrown', async () => {
    function placeOrder(): void {
      throw new TypeError('no such order', { cause: new RangeError('no such id') });
    }
    await deliver({}, (client) => {
      try {
        placeOrder();
      } catch (error) {
        client.captureException(error);
      }
    });
    const [event] = await stored(1);
    expect(event.issue).toMatchObject({ calculated_type: 'TypeError', calculated_value: 'no such order' });
    expect(event.stacktrace_md).toContain('in `placeOrder` [in-app]');
    const [, thrown] = event.data.exception.values;
    expect(thrown.stacktrace.frames.at(-1)).toMatchObject({
      function: 'placeOrder',
      filename: 'test/receivers/bugsink.spec.ts',
      in_app: true,
      lineno: expect.any(Number),
    });
  });

  it('have all that contexts, captures and options add', async () => {
    await deliver(TELLING_OPTIONS, captureAllKinds);
    const events = await stored(4);
    for (const { data } of events) {
      expect(data.user).toEqual({
        id: '17',
        username: 'ada',
        email: 'ada@example.com',
        ip_address: '10.0.0.1',
        data: { plan: 'pro' },
      });
      expect(data.tags).toMatchObject({ number: '17', flag: 'True', site: 'shop' });
      expect(data.extra).toMatchObject({ when: '1970-01-01T00:00:00.000Z', map: { a: 1 } });
      expect(data.request).toMatchObject({ method: 'PUT', headers: { a: 'b' }, data: { x: [1] } });
      expect(data.breadcrumbs.values[0]).toMatchObject({ message: 'm', category: 'c', level: 'info' });
      expect(data).toMatchObject({ release: '1.2.3', environment: 'test' });
    }
    const of = (value: string): StoredEvent | undefined =>
      events.find(({ issue }) => issue.calculated_value === value);
    expect(of('Hello world')?.data.logentry).toEqual({
      message: 'Hello %s',
      params: ['world'],
      formatted: 'Hello world',
    });
    expect(of('SELECT 1')?.data.logentry.message).toBe('SELECT 1');
    expect(of('e')?.data).toMatchObject({ level: 'fatal', fingerprint: ['a', 'b'] });
    expect(of('in a transaction')?.issue.transaction).toBe('a transaction');
  });

  it('are of one issue by their fingerprint, and have the level they were given', async () => {
    await deliver({}, (client) => {
      for (const level of LEVELS) client.captureException(new Error(level), { level, fingerprint: ['all'] });
      client.captureException(new Error('another'), { fingerprint: ['alone'] });
    });
    const events = await stored(6);
    expect(new Map(events.map(({ data }) => [errorOf(data), data.level]))).toEqual(
      new Map([...LEVELS.map((level): [string, string] => [level, level]), ['another', 'error']]),
    );
    const counts = (await project.issues()).map((issue) => issue.digested_event_count);
    expect(counts.sort()).toEqual([1, 5]);
  });

  it.each(PLATFORMS)('tell of requests on %s', async (platform) => {
    const options = { sendDefaultPii: true, shutdownTimeoutMs: DELIVER_WITHIN_MS };
    const controllers = [FailingOrdersController];
    const app = await startApp({ dsn: () => project.dsn }, { controllers }, options, platform);
    await askForOrders(app);
    await app.close();
    const events = await stored(3);
    for (const { data } of events) expect(data.user).toMatchObject({ id: '17', username: 'ada' });
    const asked = events.find(({ data }) => data.request.method === 'GET');
    expect(asked?.issue).toMatchObject({ calculated_value: 'order 1', transaction: 'GET /orders/:id' });
    expect(asked?.data).toMatchObject({
      tags: { order: '1' },
      request: {
        query_string: 'a=1&a=2&empty=&token=********',
        cookies: { session: '********', theme: 'dark' },
      },
      contexts: { trace: { trace_id: 'a'.repeat(32) } },
    });
    expect(asked?.stacktrace_md).toContain('FailingOrdersController.find');
    const bodies = events.map(({ data }) => data.request.data).filter((body) => body !== undefined);
    expect(bodies).toEqual(
      expect.arrayContaining([{ lines: [1, null, { deep: [] }], password: '********' }, { a: '1' }]),
    );
  });

  it('are whole at the limits of size', async () => {
    const { instance, exchanges } = notingAxios();
    await deliver({ ...TELLING_OPTIONS, axios: instance }, captureTooMuch);
    const events = await stored(2);
    expect(Math.max(...exchanges.map(({ body }) => body.length))).toBeGreaterThan(500_000);
    const group = events.find(({ data }) => data.exception !== undefined);
    expect(group?.data.exception.values.at(-1)?.type).toBe('AggregateError');
    expect(group?.data.exception.values.at(-1)?.stacktrace.frames.length).toBeGreaterThan(0);
    expect(group?.data.breadcrumbs.values.at(-1)?.message).toMatch(/^99 ü/);
  });

  it('keep every character but half of a surrogate pair', async () => {
    const text = 'zero \u0000 bell \u0007 line \u2028 emoji 👩‍👩‍👧 right-to-left \u202e שלום \\ud800 "quoted"';
    await deliver({}, (client) => {
      client.captureMessage(text, { extra: { [text]: text }, tags: { text } });
      client.captureException(new Error('half \ud800 of a pair'));
    });
    const events = await stored(2);
    const message = events.find(({ data }) => data.logentry !== undefined)?.data;
    expect(message).toMatchObject({ logentry: { message: text }, tags: { text } });
    expect(message?.extra[text]).toBe(text);
    expect(events.map(({ data }) => errorOf(data))).toContain('half \ufffd of a pair');
  });

  it('are packed where they are large', async () => {
    const { instance, exchanges } = notingAxios();
    await deliver({ axios: instance, beforeSend: (event) => void (event.contexts = {}) }, (client) => {
      client.captureMessage('small');
      const parts = Array.from({ length: 100 }, (_, n) => [`part ${n}`, 'x'.repeat(400)]);
      client.captureMessage('large', { extra: Object.fromEntries(parts) as Record<string, string> });
    });
    const encodings = exchanges.map(({ body, encoding }) => [body.includes('"small"'), encoding]);
    expect(encodings).toEqual(
      expect.arrayContaining([
        [true, false],
        [false, 'gzip'],
      ]),
    );
    expect((await stored(2)).map(({ data }) => data.logentry.message).sort()).toEqual(['large', 'small']);
  });

  it('come by the old protocol as well', async () => {
    const { instance, exchanges } = notingAxios();
    await deliver({ ...TELLING_OPTIONS, protocol: 'store', axios: instance }, captureAllKinds);
    expect(new Set(exchanges.map(({ path }) => path.split('/').at(-2)))).toEqual(new Set(['store']));
    await stored(4);
  });

  it('are none with a wrong key, and the log says so', async () => {
    const dsn = project.dsn.replace(/\/\/\w+@/, `//${'0'.repeat(32)}@`);
    const lines = await deliver({ dsn }, (client) => client.captureMessage('to nobody'));
    expect(lines.join('\n')).toMatch(/403/);
    await stored(0);
  });

  it('are there once where the same event is sent twice', async () => {
    const { instance, exchanges } = notingAxios();
    const eventId = 'ab'.repeat(16);
    await deliver({ axios: instance }, (client) => {
      client.captureMessage('again', { data: { event_id: eventId } });
      client.captureMessage('again', { data: { event_id: eventId } });
    });
    expect(exchanges.map(({ status }) => status)).toEqual([200, 200]);
    expect((await stored(1))[0].event_id.replaceAll('-', '')).toBe(eventId);
  });

  it('come beside reports of what was dropped, which Bugsink skips', async () => {
    const { instance, exchanges } = notingAxios();
    const report = { discarded_events: [{ reason: 'before_send', category: 'error', quantity: 1 }] };
    const beside = new RecordingTransport();
    await deliver({ transport: beside }, (client) => client.captureException(new Error('keep')));
    const [envelope] = beside.envelopes;
    envelope.items.push({ headers: { type: 'client_report' }, payload: report });
    const dsn = parseDsn(project.dsn);
    const transport = new HttpTransport({ dsn, axios: instance, logger: recordingLogger() });
    transport.send(envelope);
    expect(await transport.close(DELIVER_WITHIN_MS)).toBe(true);
    expect(exchanges.map(({ status }) => status)).toEqual([200]);
    expect(parseEnvelope(exchanges[0].body).items.map(({ payload }) => payload)).toContainEqual(report);
    expect((await stored(1)).map(({ data }) => errorOf(data))).toEqual(['keep']);
  });

  it('are there once each, whatever is given as tags, extra, user, request, level, fingerprint and data', async () => {
    const runs = 25;
    await deliver({}, (client) => {
      for (const capture of fc.sample(anyCaptures, runs)) capture(client);
    });
    await stored(3 * runs);
  });
});
