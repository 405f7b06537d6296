/**
 * @context WebSockets (socket.io, ws)
 * @sees message handlers, guards, pipes, interceptors, Observables, `handleConnection`, `handleDisconnect`, `afterInit`
 * @handled WsException, HttpException below 500, what a filter of the app names
 * @transaction the event: `say`; of hooks `ChatGateway.handleConnection`
 * @once %s: reported once, or not at all, and answered as without the module
 * @unchanged %s: reported once, or not at all, and answered as without the module
 * @isolated 50 messages at once of two connections never see each other
 * @undone nothing of it is left on classes, gateways, adapter and config once the app is closed
 * @within websockets.spec.ts websockets-gateways.spec.ts
 */
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { AppLog } from '../support/app-log';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { WS_PLATFORMS, WsClient } from '../support/ws-client';
import { FILTERS, framesOf, ORDER_ERRORS, PLACES, startMatrixApp, TAKING } from './ws-matrix-app';

describe.each(WS_PLATFORMS)('over %s', (platform) => {
  describe.each(FILTERS)('with a filter: %s', (kind) => {
    /** Nest has one logger for all apps of a process. */
    const log = new AppLog();
    let receiver: Receiver;
    let bare: INestApplication;
    let app: INestApplication;
    let bareClient: WsClient;
    let client: WsClient;

    beforeAll(async () => {
      receiver = await startReceiver();
      bare = await startMatrixApp(kind, platform, { logger: log });
      app = await startMatrixApp(kind, platform, { logger: log, receiver });
      bareClient = await WsClient.connect(platform, bare);
      client = await WsClient.connect(platform, app);
    });
    afterAll(async () => {
      await client?.close();
      await bareClient?.close();
      await app?.close();
      await bare?.close();
      await receiver?.close();
    });

    it.each(PLACES)('%s: reported once, or not at all, and answered as without the module', async (place) => {
      log.take();
      const expected = await framesOf(bareClient, place);
      const expectedLog = log.take();
      receiver.events.length = 0;
      const frames = await framesOf(client, place);
      expect(await app.get(RavenClient).flush(5000)).toBe(true);

      expect(frames).toEqual(expected);
      expect(log.take()).toEqual(expectedLog);

      const reported = receiver.events.map(errorOf);
      if (place === 'string') expect(reported).toEqual(['a string']);
      else if (place === 'unavailable') expect(reported).toEqual(['Service Unavailable']);
      else if (!ORDER_ERRORS.has(place) || TAKING.includes(kind)) expect(reported).toEqual([]);
      // A filter that throws leaves two errors that nobody handled: its own, and the one it was given.
      else if (kind === 'that throws') expect(reported.sort()).toEqual([place, 'the filter itself'].sort());
      else expect(reported).toEqual([place]);
      for (const event of receiver.events) expect(event.transaction).toBe(place);
    });
  });
});
