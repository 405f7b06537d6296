import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, UseGuards, type CanActivate, type INestApplication } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag, type RavenOptions } from 'nestjs-raven';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { startWsApp } from '../support/ws-app';
import { WS_PLATFORMS, WsClient, type ClientOptions } from '../support/ws-client';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

/** What the app's own authentication finds out about a client. */
interface Client {
  user?: unknown;
  data?: Record<string, unknown>;
}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('the guard fails');
  }
}

@Tag('part', 'chat')
@WebSocketGateway()
class ChatGateway {
  readonly calls = new EventEmitter();

  constructor(private readonly raven: RavenClient) {}

  handleConnection(client: Client): void {
    client.user = { id: 7, email: 'someone@example.com' };
    this.raven.tagsContext({ connection: 'set' });
    this.raven.captureBreadcrumb({ message: 'connected' });
  }

  handleDisconnect(): void {
    this.raven.captureMessage('left');
    this.calls.emit('left');
  }

  @Tag('room', (context) => (context.args[1] as { room: string }).room)
  @Tag('who', (context) => (context.user as { id: number }).id)
  @Tag('tenant', (context) => (context.request as { headers: Record<string, string> }).headers['x-tenant'])
  @SubscribeMessage('say')
  say(@ConnectedSocket() _client: Client, @MessageBody() { room }: { room: string }): void {
    this.raven.extraContext({ said: true });
    throw new Error(`cannot say in ${room}`);
  }

  @Tag('guarded', 'yes')
  @UseGuards(FailingGuard)
  @SubscribeMessage('guarded')
  guarded(): void {}

  @SubscribeMessage('by hand')
  byHand(): void {
    this.raven.captureMessage('by hand');
    const error = new Error('by hand');
    this.raven.captureException(error);
    throw error;
  }

  /** Sets what nobody else may see, waits for others to do so, and fails: at once, or as the answer is computed. */
  @SubscribeMessage('work')
  async work(@MessageBody() { id, late }: { id: string; late: boolean }): Promise<Observable<never>> {
    this.raven.userContext({ id });
    await wait(Number(id) % 7);
    this.raven.tagsContext({ timer: id });
    this.raven.captureBreadcrumb({ message: `step ${id}` });
    await new Promise((resolve) => setImmediate(resolve));
    if (!late) throw new Error(`work ${id}`);
    return new Observable((subscriber) => {
      this.raven.tagsContext({ answer: id });
      setImmediate(() => subscriber.error(new Error(`work ${id}`)));
    });
  }
}

describe.each(WS_PLATFORMS)('over %s', (platform) => {
  let receiver: Receiver;
  let app: INestApplication;
  let client: WsClient;
  let raven: RavenClient;

  async function start(options: RavenOptions = {}, how: ClientOptions = {}): Promise<void> {
    app = await startWsApp(platform, { providers: [ChatGateway] }, { receiver, raven: options });
    raven = app.get(RavenClient);
    client = await WsClient.connect(platform, app, how);
  }

  async function reportedAfter(event: string, data: unknown = {}): Promise<ReceivedEvent[]> {
    const [answer] = await client.ask(event, data);
    expect(answer).toBe('exception');
    expect(await raven.flush()).toBe(true);
    return receiver.events;
  }

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await client.close();
    await app.close();
    await receiver.close();
  });

  it('an error of a handler is reported with its event, its decorators, and what the connection set', async () => {
    await start({}, { headers: { 'x-tenant': 'acme' } });
    const [reported, ...others] = await reportedAfter('say', { room: 'lobby' });
    expect(others).toEqual([]);

    expect(errorOf(reported)).toBe('cannot say in lobby');
    const { mechanism } = reported.exception.values.at(-1)!;
    expect(mechanism).toMatchObject({ type: 'auto.ws.nestjs', handled: false });
    expect(reported.transaction).toBe('say');
    expect(reported.transaction_info).toEqual({ source: 'route' });
    expect(reported.tags).toEqual({
      part: 'chat',
      room: 'lobby',
      who: '7',
      tenant: 'acme',
      connection: 'set',
    });
    expect(reported.extra.said).toBe(true);
    expect(reported.breadcrumbs.values.map(({ message }) => message)).toEqual(['connected']);
    expect(reported.request).toMatchObject({ method: 'GET', headers: { 'x-tenant': 'acme' } });
    expect(reported.request.url).toMatch(
      platform === 'ws' ? /^http:\/\/127\.0\.0\.1:\d+\/$/ : /^http:\/\/127\.0\.0\.1:\d+\/socket\.io\/$/,
    );
    if (platform === 'socket.io') {
      expect(reported.extra).toMatchObject({ namespace: '/', client_id: expect.stringMatching(/^\S{20}$/) });
    }
  });

  it('neither payload nor personal data goes along unless it is asked for', async () => {
    await start({}, { headers: { authorization: 'Bearer abc', cookie: 'a=b', 'x-real-ip': '10.1.2.3' } });
    const [reported] = await reportedAfter('say', { room: 'lobby', phone: '555-1234' });
    expect(reported.user).toEqual({ id: '7' });
    expect(reported.request).not.toHaveProperty('cookies');
    expect(JSON.stringify(reported)).not.toMatch(/555-1234|Bearer|someone@|10\.1\.2\.3|REMOTE_ADDR/);
  });

  it('with sendDefaultPii payload, address and user go along, secrets still masked', async () => {
    await start({ sendDefaultPii: true }, { headers: { authorization: 'Bearer abc' } });
    const [reported] = await reportedAfter('say', { room: 'lobby', phone: '555-1234', password: 'pa55' });
    expect(reported.extra.payload).toMatchObject({ room: 'lobby', phone: '555-1234' });
    expect(reported.user).toMatchObject({ id: '7', email: 'someone@example.com' });
    expect(reported.user.ip_address).toMatch(/127\.0\.0\.1/);
    expect(JSON.stringify(reported)).not.toMatch(/pa55|Bearer abc/);
  });

  it('what a handler captures by hand belongs to the message, and its error is not reported again', async () => {
    await start();
    const reported = await reportedAfter('by hand');
    expect(reported).toHaveLength(2);
    for (const event of reported) {
      expect(event.transaction).toBe('by hand');
      expect(event.tags).toMatchObject({ connection: 'set' });
    }
  });

  it('tags of a handler whose guard failed go along', async () => {
    await start();
    const [reported, ...others] = await reportedAfter('guarded');
    expect(others).toEqual([]);
    expect(errorOf(reported)).toBe('the guard fails');
    expect(reported.tags).toMatchObject({ part: 'chat', guarded: 'yes', connection: 'set' });
  });

  it.each([
    ['sentry-trace', { 'sentry-trace': `${TRACE_ID}-${SPAN_ID}-1`, baggage: `sentry-trace_id=${TRACE_ID}` }],
    ['traceparent', { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` }],
  ])('a trace of the handshake goes on in its messages: %s', async (_, headers) => {
    await start({}, { headers });
    const [reported] = await reportedAfter('say', { room: 'lobby' });
    expect(reported.contexts.trace).toMatchObject({ trace_id: TRACE_ID, parent_span_id: SPAN_ID });
  });

  it('without one each message begins a trace of its own', async () => {
    await start();
    await reportedAfter('say', { room: 'a' });
    const reported = await reportedAfter('say', { room: 'b' });
    expect(new Set(reported.map(({ contexts }) => contexts.trace.trace_id)).size).toBe(2);
  });

  it('what a connection set is seen when its client leaves, and by no other connection', async () => {
    await start();
    raven.tagsContext({ boot: 'yes' });
    const gateway = app.get(ChatGateway);
    const other = await WsClient.connect(platform, app);
    const left = once(gateway.calls, 'left');
    await other.close();
    await left;
    await raven.flush();
    const [reported] = receiver.events;
    expect(reported.logentry.message).toBe('left');
    expect(reported.transaction).toBe('ChatGateway.handleDisconnect');
    expect(reported.transaction_info).toEqual({ source: 'component' });
    expect(reported.tags).toEqual({ boot: 'yes', connection: 'set' });
    expect(raven.rootContext.get()).toEqual({ tags: { boot: 'yes' } });
    expect(raven.rootContext.breadcrumbs).toEqual([]);
  });

  it('50 messages at once of two connections never see each other', async () => {
    await start();
    const second = await WsClient.connect(platform, app);
    for (let id = 0; id < 50; id++) (id % 2 ? client : second).send('work', { id, late: id % 3 === 0 });
    await Promise.all([client.waitFor(25), second.waitFor(25)]);
    expect(await raven.flush(10_000)).toBe(true);

    expect(receiver.events).toHaveLength(50);
    for (const event of receiver.events) {
      const id = event.user.id as string;
      const late = Number(id) % 3 === 0;
      expect(errorOf(event)).toBe(`work ${id}`);
      expect(event.tags).toEqual({
        part: 'chat',
        connection: 'set',
        timer: id,
        ...(late && { answer: id }),
      });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['connected', `step ${id}`]);
      expect(event.transaction).toBe('work');
    }
    expect(new Set(receiver.events.map((event) => event.user.id)).size).toBe(50);
    // Nor did any change what the connection has.
    receiver.events.length = 0;
    const [reported] = await reportedAfter('say', { room: 'after all' });
    expect(reported.tags).not.toHaveProperty('timer');
    expect(reported.user).toEqual({ id: '7' });
    await second.close();
  });
});
