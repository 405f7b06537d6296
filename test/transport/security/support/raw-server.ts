import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach } from 'vitest';

/** A server that writes what a test wants, HTTP or not; ends with the test. */
export interface RawServer {
  port: number;
  /** What came, connection by connection. */
  received: string[];
  /** Sockets open now. */
  readonly openCount: number;
  /** Resolves once no socket is open. */
  allClosed(): Promise<void>;
}

const servers = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const close of servers) await close();
  servers.clear();
});

/**
 * Listens on 127.0.0.1.
 *
 * @param answer - called once per connection, when the head of its first request is there
 */
export async function startRawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      waiting.forEach((check) => check());
    });
    let isAnswered = false;
    socket.on('data', (chunk: Buffer) => {
      received[index] += chunk.toString('latin1');
      if (isAnswered || !received[index].includes('\r\n\r\n')) return;
      isAnswered = true;
      answer(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.add(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    get openCount() {
      return sockets.size;
    },
    allClosed: () =>
      new Promise((resolve) => {
        const check = (): void => {
          if (sockets.size > 0) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/** Writes the same again and again, as fast as it is read, until the socket ends. */
export function writeForever(socket: Socket, chunk: string | Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

/** Writes one byte after the other, with a pause between them, until the socket ends. */
export function writeSlowly(socket: Socket, text: string, pauseMs: number): void {
  let position = 0;
  const timer = setInterval(() => {
    if (position < text.length) socket.write(text[position++]);
  }, pauseMs);
  socket.on('close', () => clearInterval(timer));
}
