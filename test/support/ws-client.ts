import { once } from 'node:events';
import type { INestApplication } from '@nestjs/common';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

export type WsPlatform = 'socket.io' | 'ws';
export const WS_PLATFORMS: WsPlatform[] = ['socket.io', 'ws'];

/** What came from the server: the event's name and its data. */
export type Frame = [event: string, data: unknown];

/** How a client connects. */
export interface ClientOptions {
  headers?: Record<string, string>;
  /** Only socket.io has namespaces. */
  namespace?: string;
  /** Only ws has paths. */
  path?: string;
}

/** A real client of a gateway, the same for both platforms. */
export abstract class WsClient {
  /** Everything that came, in order. */
  readonly frames: Frame[] = [];
  private waiting: (() => void)[] = [];

  /** Connects to the app. */
  static async connect(
    platform: WsPlatform,
    app: INestApplication,
    options: ClientOptions = {},
  ): Promise<WsClient> {
    const { port } = app.getHttpServer().address() as { port: number };
    return platform === 'ws' ? NativeClient.open(port, options) : IoClient.open(port, options);
  }

  abstract send(event: string, data: unknown): void;
  /** Resolves once the connection is closed. */
  abstract close(): Promise<void>;

  /** Sends, and waits for the next frame. */
  async ask(event: string, data: unknown = {}): Promise<Frame> {
    const count = this.frames.length;
    this.send(event, data);
    await this.waitFor(count + 1);
    return this.frames[count];
  }

  /** Resolves as soon as there are at least `count` frames. */
  async waitFor(count: number): Promise<Frame[]> {
    while (this.frames.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.frames;
  }

  protected receive(frame: Frame): void {
    this.frames.push(frame);
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A client of socket.io. */
export class IoClient extends WsClient {
  private constructor(readonly socket: Socket) {
    super();
    socket.onAny((event: string, data: unknown) => this.receive([event, data]));
  }

  static async open(port: number, { headers, namespace = '/' }: ClientOptions): Promise<IoClient> {
    const socket = io(`http://127.0.0.1:${port}${namespace}`, {
      transports: ['websocket'],
      extraHeaders: headers,
      forceNew: true,
      reconnection: false,
    });
    const client = new IoClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return client;
  }

  send(event: string, data: unknown): void {
    this.socket.emit(event, data);
  }

  async close(): Promise<void> {
    if (!this.socket.connected) return;
    const closed = new Promise((resolve) => this.socket.once('disconnect', resolve));
    this.socket.disconnect();
    await closed;
  }
}

/** A client of ws: frames are JSON of event and data. */
class NativeClient extends WsClient {
  private constructor(private readonly socket: WebSocket) {
    super();
    socket.on('message', (bytes: Buffer) => {
      const { event, data } = JSON.parse(bytes.toString()) as { event: string; data: unknown };
      this.receive([event, data]);
    });
  }

  static async open(port: number, { headers, path = '/' }: ClientOptions): Promise<NativeClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    const client = new NativeClient(socket);
    await once(socket, 'open');
    return client;
  }

  send(event: string, data: unknown): void {
    this.socket.send(JSON.stringify({ event, data }));
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}
