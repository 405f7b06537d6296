import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { ClientProxyFactory, type ClientProxy, type MicroserviceOptions } from '@nestjs/microservices';
import { firstValueFrom, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testClosing } from './closing';
import { APP_FORMS, EVENTS, MESSAGES, rpcModule, startRpc } from './rpc-app';

/** A transport as the suite needs it. */
export interface TransportUnderTest {
  /** Its name in the event's context. */
  name: string;
  /** Options of one server and its clients; called once per app, so that two apps do not share messages. */
  options(): Promise<MicroserviceOptions>;
  /** Makes a client of a server with those options; default Nest's factory. */
  client?(options: MicroserviceOptions): ClientProxy;
}

/** What Nest's clients of some transports have beside what is common to all. */
interface SubscribingClient {
  subscribeToResponseOf?(pattern: string): void;
  subscriptionsCount?: Map<string, number>;
  unsubscribeFromChannel?(channel: string): void;
}

/** Makes a client that may ask for anything. */
function clientOf(transport: TransportUnderTest, options: MicroserviceOptions): ClientProxy {
  const client =
    transport.client?.(options) ?? (ClientProxyFactory.create(options as never) as unknown as ClientProxy);
  const subscribing = client as unknown as SubscribingClient;
  // Kafka's answers come by topics of their own.
  for (const pattern of [...Object.keys(MESSAGES), 'work', 'later', 'scoped'])
    subscribing.subscribeToResponseOf?.(pattern);
  // Those of Redis and MQTT unsubscribe when no request waits, also while others whose subscription was acknowledged
  // are about to be sent: of many at a time, these would wait for ever.
  const { subscriptionsCount: counts } = subscribing;
  if (counts)
    subscribing.unsubscribeFromChannel = (channel) => counts.set(channel, (counts.get(channel) ?? 1) - 1);
  return client;
}

/** What a caller got: the values, and how it ended. */
async function answerOf(client: ClientProxy, pattern: string, data: unknown): Promise<unknown> {
  try {
    return { values: await firstValueFrom(client.send(pattern, data).pipe(toArray())) };
  } catch (error) {
    return { error };
  }
}

function recordedLines(): LoggerService & { lines: string[] } {
  const lines: string[] = [];
  const line = (message: unknown): void => void lines.push(String(message).split('\n')[0]);
  return { lines, log: () => {}, warn: line, error: line, debug: () => {}, verbose: () => {}, fatal: line };
}

/** The whole suite of one transport: the same for all, so that none is forgotten. */
export function testTransport(transport: TransportUnderTest): void {
  describe.each(APP_FORMS)(`messages over ${transport.name}, in a %s app`, (form) => {
    let receiver: Receiver;
    let app: INestApplicationContext;
    let bare: INestApplicationContext;
    let client: ClientProxy;
    let bareClient: ClientProxy;
    // Nest's logger is one for the process: what is asked of one app must be over before the other is asked.
    const logger = recordedLines();
    const logged = (): string[] => logger.lines.splice(0);

    beforeAll(async () => {
      receiver = await startReceiver();
      const [options, bareOptions] = [await transport.options(), await transport.options()];
      app = await startRpc(form, options, rpcModule(receiver, { sendDefaultPii: true }), logger);
      bare = await startRpc(form, bareOptions, rpcModule(), logger);
      client = clientOf(transport, options);
      bareClient = clientOf(transport, bareOptions);
      await Promise.all([client.connect(), bareClient.connect()]);
    }, 60_000);
    afterAll(async () => {
      await client?.close();
      await bareClient?.close();
      await app?.close();
      await bare?.close();
      await receiver?.close();
    }, 60_000);
    afterEach(() => {
      receiver.events.length = 0;
    });

    const reported = async (): Promise<(string | undefined)[]> => {
      expect(await app.get(RavenClient).flush(5000)).toBe(true);
      return receiver.events.map(errorOf);
    };

    it.each(Object.entries(MESSAGES))(
      'message "%s" reports %s, and is answered as without the module',
      async (pattern, error) => {
        const seen = [await answerOf(client, pattern, { id: 1 }), logged()];
        const expected = [await answerOf(bareClient, pattern, { id: 1 }), logged()];
        expect(seen).toEqual(expected);
        expect(await reported()).toEqual(error === undefined ? [] : [error]);
      },
    );

    it.each(Object.entries(EVENTS))('event "%s" reports %s', async (pattern, error) => {
      const handled = async (subject: ClientProxy): Promise<string[]> => {
        await firstValueFrom(subject.emit(pattern, { id: 1 }), { defaultValue: undefined });
        // An answer to what is sent after it tells that the event was handled.
        for (let count = 0; count < 3; count++) await answerOf(subject, 'ok', { id: 2 });
        return logged();
      };
      const seen = await handled(client);
      expect(seen).toEqual(await handled(bareClient));
      if (error !== undefined) await receiver.waitForEvents(1);
      expect(await reported()).toEqual(error === undefined ? [] : [error]);
    });

    it('the event says what was handled: pattern, transport, payload without secrets, tags of handler and class', async () => {
      await answerOf(client, 'sync', { id: 17, password: 'hunter2' });
      await reported();
      const [event] = receiver.events;
      expect(event).toMatchObject({
        transaction: 'sync',
        transaction_info: { source: 'route' },
        tags: { area: 'orders', handler: 'sync' },
        extra: { payload: { id: 17, password: '********' }, order: { id: 17, password: '********' } },
        contexts: { message: { kind: 'message', pattern: 'sync', transport: transport.name } },
      });
      expect(event.exception.values[0].mechanism).toMatchObject({ type: 'auto.rpc.nestjs', handled: false });
      expect(JSON.stringify(event)).not.toContain('hunter2');
    });

    it('an error of a guard has the tags of the handler it stands before', async () => {
      await answerOf(client, 'guard', { id: 17 });
      await reported();
      expect(receiver.events[0].tags).toMatchObject({ area: 'orders', handler: 'guard' });
      expect(receiver.events[0].transaction).toBe('guard');
    });

    it('50 concurrent messages never see each other: guards, handlers, Observables, request scope', async () => {
      const ids = Array.from({ length: 50 }, (_, id) => id);
      await Promise.all(
        ids.flatMap((id) => ['work', 'later', 'scoped'].map((pattern) => answerOf(client, pattern, { id }))),
      );
      const events = await receiver.waitForEvents(150);
      await reported();
      expect(events).toHaveLength(150);
      for (const event of events) {
        const [pattern, id] = (errorOf(event) as string).split(' ');
        expect(event.transaction).toBe(pattern);
        expect(event.extra.payload).toEqual({ id: Number(id) });
        const tag = { work: 'first', later: 'later', scoped: 'scoped' }[pattern] as string;
        // Where the transport has one, each message has an id of its own.
        const { correlation_id: _, ...tags } = event.tags;
        expect(tags).toEqual({ [tag]: id });
        if (pattern !== 'work') continue;
        expect(event.user).toEqual({ id });
        expect(event.extra).toMatchObject({ id: Number(id) });
        expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([`crumb ${id}`]);
      }
      expect(app.get(RavenClient).rootContext.get()).toEqual({});
    });
  });
  testClosing(transport);
}
