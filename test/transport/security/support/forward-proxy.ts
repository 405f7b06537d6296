import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach } from 'vitest';
import type { ServerCertificate } from '../../../support/certificates';

/** How a {@link ForwardProxy} behaves. */
export interface ForwardProxyOptions {
  /** Port on 127.0.0.1 that everything goes to, whatever host was asked for. */
  upstreamPort: number;
  /** `user:password` that it asks for. */
  credentials?: string;
  /** Speaks TLS itself. */
  certificate?: ServerCertificate;
  /** Answers everything with this status and sends nothing on. */
  refuseWith?: number;
  /** Takes the place of its answer to CONNECT; gets the connection. */
  onConnect?: (socket: Duplex) => void;
}

/** A forward proxy for tests: absolute addresses for http, CONNECT for https. Ends with the test. */
export interface ForwardProxy {
  port: number;
  /** `METHOD target` of each request, in order. */
  readonly asked: string[];
  /** Headers of each request. */
  readonly headers: IncomingMessage['headers'][];
  /** Connections from clients that are open now. */
  openCount(): Promise<number>;
  /** Ends all connections, from clients and to the server. */
  dropAll(): void;
  options: ForwardProxyOptions;
}

const proxies = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const close of proxies) await close();
  proxies.clear();
});

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const streams = new Set<Duplex>();
  const server = options.certificate ? createTlsServer(options.certificate) : createServer();
  const note = (message: IncomingMessage): number | undefined => {
    asked.push(`${message.method} ${message.url}`);
    headers.push(message.headers);
    const { credentials, refuseWith } = proxy.options;
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    return wanted && message.headers['proxy-authorization'] !== wanted ? 407 : refuseWith;
  };
  server.on('connection', (socket: Duplex) => {
    streams.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('request', (message: IncomingMessage, response) => {
    const refusal = note(message);
    message.on('error', () => undefined);
    if (refusal !== undefined) {
      message.resume();
      return void response.writeHead(refusal).end('refused by the proxy');
    }
    const { pathname } = new URL(message.url ?? '');
    const onward = { ...message.headers };
    delete onward['proxy-authorization'];
    const target = { host: '127.0.0.1', port: proxy.options.upstreamPort, path: pathname };
    const sent = forward({ ...target, method: message.method, headers: onward }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    message.pipe(sent);
  });
  server.on('connect', (message: IncomingMessage, socket: Duplex) => {
    const refusal = note(message);
    socket.on('error', () => undefined);
    if (refusal !== undefined)
      return void socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 7\r\n\r\nrefused`);
    if (proxy.options.onConnect) {
      // Unread, or as it may be half open, it would not be closed when the client goes.
      socket.resume().once('end', () => socket.destroy());
      return proxy.options.onConnect(socket);
    }
    const upstream = connect(proxy.options.upstreamPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    streams.add(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxies.add(async () => {
    for (const stream of streams) stream.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const proxy: ForwardProxy = {
    port: (server.address() as AddressInfo).port,
    asked,
    headers,
    options,
    dropAll: () => streams.forEach((stream) => stream.destroy()),
    openCount: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  };
  return proxy;
}
