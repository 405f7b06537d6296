import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach } from 'vitest';
import type { ServerCertificate } from '../../../support/certificates';

const fronts = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const close of fronts) await close();
  fronts.clear();
});

/**
 * Puts TLS before a server that has none; ends with the test.
 *
 * @param port - where the server listens on 127.0.0.1
 * @returns the port of the front
 */
export async function startTlsFront(certificate: ServerCertificate, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(certificate, (socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fronts.add(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
