import type { INestApplication } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { startWsApp } from '../support/ws-app';
import { WS_PLATFORMS, WsClient } from '../support/ws-client';

/** What the app's own authentication finds out about a client. */
type Client = { user?: unknown };

@Tag('part', 'chat')
@WebSocketGateway()
class ChatGateway {
  constructor(private readonly raven: RavenClient) {}

  handleConnection(client: Client): void {
    client.user = { id: 7, email: 'someone@example.com' };
    this.raven.tagsContext({ connection: 'set' });
    this.raven.captureBreadcrumb({ message: 'connected' });
  }

  @Tag('room', (context) => (context.args[1] as { room: string }).room)
  @SubscribeMessage('say')
  say(@MessageBody() { room }: { room: string }, @ConnectedSocket() _client: Client): void {
    this.raven.extraContext({ said: true });
    throw new Error(`cannot say in ${room}`);
  }

  @SubscribeMessage('expected')
  expected(): void {
    throw new WsException('no such room');
  }

  @SubscribeMessage('message')
  message(): void {
    this.raven.captureMessage('by hand');
    throw new Error('and an error');
  }
}

describe.each(WS_PLATFORMS)('over %s', (platform) => {
  let receiver: Receiver;
  let app: INestApplication;
  let client: WsClient;
  let raven: RavenClient;

  async function start(options = {}, headers = {}): Promise<void> {
    app = await startWsApp(platform, { providers: [ChatGateway] }, { receiver, raven: options });
    raven = app.get(RavenClient);
    client = await WsClient.connect(platform, app, { headers });
  }
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await client.close();
    await app.close();
    await receiver.close();
  });

  it('an error of a handler is reported with what is known of message and connection', async () => {
    await start({}, { 'x-tenant': 'acme', authorization: 'Bearer abc', cookie: 'a=b' });
    const [event, data] = await client.ask('say', { room: 'lobby' });
    expect(event).toBe('exception');
    expect(data).toMatchObject({ status: 'error', message: 'Internal server error' });
    await raven.flush();

    expect(receiver.events).toHaveLength(1);
    const [reported] = receiver.events;
    expect(errorOf(reported)).toBe('cannot say in lobby');
    expect(reported.exception.values.at(-1)?.mechanism).toMatchObject({
      type: 'auto.ws.nestjs',
      handled: false,
    });
    expect(reported.transaction).toBe('say');
    expect(reported.transaction_info).toEqual({ source: 'route' });
    expect(reported.tags).toEqual({ part: 'chat', room: 'lobby', connection: 'set' });
    expect(reported.extra.said).toBe(true);
    expect(reported.breadcrumbs.values.map(({ message }) => message)).toEqual(['connected']);
    expect(reported.user).toEqual({ id: '7' });
    expect(reported.request.method).toBe('GET');
    expect(reported.request.url).toMatch(
      platform === 'ws' ? /^http:\/\/127\.0\.0\.1:\d+\/$/ : /^http:\/\/127\.0\.0\.1:\d+\/socket\.io\//,
    );
    expect(reported.request.headers['x-tenant']).toBe('acme');
    expect(JSON.stringify(reported)).not.toMatch(/Bearer|someone@example|127\.0\.0\.1"/);
    expect(reported.extra).not.toHaveProperty('payload');
  });
});
