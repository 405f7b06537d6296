import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { RavenClient, Tag } from 'nestjs-raven';
import type { Socket } from 'socket.io';

// #region gateway
/** WebSockets: what is set when a client connects goes along with all of its messages. */
@Tag('context', 'websocket')
@WebSocketGateway()
export class ChatGateway {
  constructor(private readonly raven: RavenClient) {}

  handleConnection(client: Socket): void {
    this.raven.userContext({ id: String(client.handshake.query.user ?? 'nobody') });
  }

  @SubscribeMessage('say')
  say(@MessageBody() message: { text: string }): string {
    if (message.text === '') throw new Error('nothing was said');
    return message.text;
  }
}
// #endregion gateway
