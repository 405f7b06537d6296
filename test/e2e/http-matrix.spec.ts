/**
 * @context HTTP (Express, Fastify)
 * @sees middleware, guards, pipes, interceptors, handlers of every kind, StreamableFile, server-sent events, unknown routes, body parsing, filters
 * @handled any answer below 500
 * @transaction the route: `GET /orders/:id`
 * @once %s: reported once, or not at all, and answered as without the module
 * @unchanged %s: reported once, or not at all, and answered as without the module
 * @isolated 200 interleaved requests never see each other
 * @undone what was put on the app is taken away on close
 * @within scope-isolation.spec.ts manual-use.spec.ts
 */
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { ask, FILTERS, PLACES, startMatrixApp, type Place, type Platform } from './matrix-app';

/** Whose error goes on after the headers are out; no status can tell of it. */
const STREAMING = ['stream', 'sse', 'async-iterable'];

/** Whose error the method's filter is asked about. */
const FILTERED = new Set<Place>([
  'guard',
  'interceptor-before',
  'interceptor-after',
  'pipe',
  'sync',
  'async',
  'observable',
  'sse-sync',
]);

/** What the error of a place says, where it is not the name of the place; Express and Fastify name a broken body each in its way. */
const MESSAGES: Partial<Record<Place, unknown>> = {
  string: 'a string',
  'not-found': 'no such order',
  unavailable: 'Service Unavailable',
  'unknown-route': 'Cannot GET /unknown-route',
  'body-parser': expect.stringMatching(/JSON/i),
};

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
      const reported = receiver.events.map(errorOf);
      if (!isError || !isUnhandled) {
        expect(reported).toEqual([]);
        expect(eventId).toBeNull();
        return;
      }
      // A filter that throws leaves two errors that nobody handled: its own, and the one it was given.
      const filterFails = kind === 'that throws' && FILTERED.has(place);
      const message = MESSAGES[place] ?? place;
      expect(reported).toHaveLength(filterFails ? 2 : 1);
      expect(reported).toContainEqual(message);
      if (filterFails) expect(reported).toContainEqual('the filter itself');
      if (typeof expected.status === 'number' && expected.status >= 500) {
        expect(receiver.events.map((event) => event.event_id)).toContain(eventId);
      } else {
        expect(eventId).toBeNull();
      }
    });
  });
});
