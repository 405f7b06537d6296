import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport, type RavenOptions } from 'nestjs-raven';
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

const SCHEMA = process.env.SENTRY_EVENT_SCHEMA ?? '../shared/reference/event.schema.json';

const validate = new Ajv({
  strict: false,
  logger: false,
  allErrors: true,
  formats: { uuid: true, double: true, uint64: true, int64: true },
}).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** What the schema has against the event as it is on the wire; without what only repeats it a level up. */
function faultsOf(event: unknown): string[] {
  if (validate(JSON.parse(JSON.stringify(event)))) return [];
  return (validate.errors ?? [])
    .filter(({ keyword, params }) => keyword !== 'anyOf' && params.type !== 'null')
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

describe('events of the client', () => {
  async function wireEvents(options: RavenOptions, act: (subject: RavenClient) => void): Promise<unknown[]> {
    const transport = new RecordingTransport();
    const client = new RavenClient(
      { dsn: 'http://public@localhost/1', installProcessHandlers: false, ...options, transport },
      { logger: silentLogger },
    );
    act(client);
    await client.close();
    return transport.events;
  }

  it('know the schema: what is not of it is found', () => {
    expect(faultsOf({ event_id: 1, level: 'terrible' })).not.toEqual([]);
    expect(faultsOf({ user: { id: {} } })).not.toEqual([]);
  });

  it.each(THROWN)('an exception: %s', async (_, thrown) => {
    const events = await wireEvents({}, (subject) => subject.captureException(thrown));
    expect(events).toHaveLength(1);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  it('feedback', async () => {
    const transport = new RecordingTransport();
    const client = new RavenClient(
      { dsn: 'http://public@localhost/1', installProcessHandlers: false, transport },
      { logger: silentLogger },
    );
    client.userContext({ id: 17 });
    client.captureFeedback({ message: 'it broke', email: 'ada@example.com', name: 'Ada' });
    await client.close();
    const items = transport.envelopes.flatMap(({ items }) => items);
    expect(items.map(({ headers }) => headers.type)).toEqual(['feedback']);
    expect(faultsOf(items[0].payload)).toEqual([]);
  });

  it('what is too large, trimmed', async () => {
    const events = await wireEvents({ includeVersions: false }, captureTooMuch);
    expect(events).toHaveLength(2);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  it('messages, queries, contexts, breadcrumbs, and all that options add', async () => {
    const events = await wireEvents(TELLING_OPTIONS, captureAllKinds);
    expect(events).toHaveLength(4);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  it('whatever is given as tags, extra, user, request, level, fingerprint and data', async () => {
    await fc.assert(
      fc.asyncProperty(anyCaptures, async (capture) => {
        const events = await wireEvents({ includeVersions: false }, capture);
        expect(events).toHaveLength(3);
        expect(events.flatMap(faultsOf)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(PLATFORMS)('events of requests on %s', (platform) => {
  it.each([true, false])('with sendDefaultPii %s', async (sendDefaultPii) => {
    const receiver = await startReceiver();
    const app = await startApp(
      receiver,
      { controllers: [FailingOrdersController] },
      { sendDefaultPii },
      platform,
    );
    await askForOrders(app);
    await app.close();
    expect(receiver.events).toHaveLength(3);
    expect(receiver.events.flatMap(faultsOf)).toEqual([]);
    await receiver.close();
  });
});
