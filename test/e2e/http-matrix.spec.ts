import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { ask, FILTERS, PLACES, startMatrixApp, type Platform } from './matrix-app';

/** Whose error goes on after the headers are out; no status can tell of it. */
const STREAMING = ['stream', 'sse', 'async-iterable'];

describe.each<Platform>(['express', 'fastify'])('over HTTP on %s', (platform) => {
  describe.each(FILTERS)('with a filter: %s', (kind) => {
    let receiver: Receiver;
    let app: INestApplication;
    let bare: INestApplication;

    beforeAll(async () => {
      receiver = await startReceiver();
      bare = await startMatrixApp(kind, platform, []);
      app = await startMatrixApp(kind, platform, [
        RavenModule.forRoot({ dsn: receiver.dsn(), installProcessHandlers: false, includeVersions: false }),
      ]);
    });
    afterAll(async () => {
      await app?.close();
      await bare?.close();
      await receiver?.close();
    });

    it.each(PLACES)('%s: reported once, or not at all, and answered as without the module', async (place) => {
      const expected = await ask(bare, place);
      receiver.events.length = 0;
      const answer = await ask(app, place);
      expect(await app.get(RavenClient).flush(5000)).toBe(true);

      const { eventId, ...seen } = answer;
      expect({ ...seen, eventId: null }).toEqual(expected);

      const isError = place !== 'ok';
      const isUnhandled = STREAMING.includes(place) || expected.status === 'none' || expected.status >= 500;
      const reported = receiver.events.map((event) => valueOf(event));
      if (!isError || !isUnhandled) {
        expect(reported).toEqual([]);
        expect(eventId).toBeNull();
        return;
      }
      const ownErrorFails = kind === 'that throws' && reported.length === 2;
      // A filter that throws leaves two errors that nobody handled: its own, and the one it was given.
      if (ownErrorFails) expect(reported).toContain('the filter itself');
      else expect(reported).toHaveLength(1);
      if (typeof expected.status === 'number' && expected.status >= 500) {
        expect(receiver.events.map((event) => event.event_id)).toContain(eventId);
      } else {
        expect(eventId).toBeNull();
      }
    });
  });
});

function valueOf(event: Record<string, unknown>): string | undefined {
  const { values } = event.exception as { values: { value?: string }[] };
  return values.at(-1)?.value;
}
