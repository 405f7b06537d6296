import axios, { type AxiosProxyConfig } from 'axios';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AxiosOption } from '../../../lib/transport/axios-client';
import { TunnelAgent } from '../../../lib/transport/tunnel-agent';
import { eventEnvelope, idOf } from '../support/envelopes';
import { receiverFor, transportFor } from '../support/setup';
import {
  createAuthority,
  type CertificateAuthority,
  type ServerCertificate,
} from '../../support/certificates';
import { compileLibrary, type ChildApps } from './support/child-app';
import { startForwardProxy, type ForwardProxyOptions } from './support/forward-proxy';
import { startRawServer, writeForever } from './support/raw-server';
import { startTlsFront } from './support/tls-front';
import type { Receiver } from '../../support/receiver';

const HTTP_DSN = 'http://public:dsn-secret@sentry.test/1';
const HTTPS_DSN = 'https://public:dsn-secret@sentry.test/1';
const CREDENTIALS = 'proxy-user:proxy-pass';

let authority: CertificateAuthority;
let certificate: ServerCertificate;
let children: ChildApps;

beforeAll(async () => {
  authority = await createAuthority();
  certificate = await authority.sign('sentry.test');
  children = compileLibrary();
}, 180_000);

afterAll(() => {
  authority.remove();
  children.remove();
});

/** A receiver, reachable by https as `sentry.test`, and a proxy that leads to it. */
async function behindProxy(options: Omit<ForwardProxyOptions, 'upstreamPort'> = {}): Promise<{
  receiver: Receiver;
  proxy: Awaited<ReturnType<typeof startForwardProxy>>;
  config: { host: string; port: number };
}> {
  const receiver = await receiverFor();
  const upstreamPort = await startTlsFront(certificate, receiver.port);
  const proxy = await startForwardProxy({ ...options, upstreamPort });
  return { receiver, proxy, config: { host: '127.0.0.1', port: proxy.port } };
}

/** Closes a connection with a reset, once it has read this. */
function reset(socket: Duplex, answer: string): void {
  socket.write(answer, () => (socket as Socket).resetAndDestroy());
}

const trusting = (): Agent => new Agent({ ca: authority.pem, keepAlive: true });

describe('an https DSN with a proxy', () => {
  it('is reached through CONNECT; the proxy sees the name of the server and nothing else', async () => {
    const { receiver, proxy, config } = await behindProxy();
    const { transport } = transportFor(HTTPS_DSN, { axios: { proxy: config, httpsAgent: trusting() } });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events.map((event) => event.event_id)).toEqual([idOf(1)]);
    expect(proxy.asked).toEqual(['CONNECT sentry.test:443']);
    expect(JSON.stringify(proxy.headers)).not.toMatch(/sentry_key|public|dsn-secret/);
    expect(receiver.requests[0].headers).not.toHaveProperty('proxy-authorization');
  });

  it('is reached although the options of agents name a protocol, as they do from Node 24 on', async () => {
    const { receiver, proxy } = await behindProxy();
    const way = { host: '127.0.0.1', port: proxy.port, isSecure: false };
    const options = { ca: authority.pem, protocol: 'https:' };
    const { transport } = transportFor(HTTPS_DSN, { axios: { httpsAgent: new TunnelAgent(way, options) } });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(1);
  });

  it('keeps one tunnel for many events', async () => {
    const { receiver, proxy, config } = await behindProxy();
    const { transport } = transportFor(HTTPS_DSN, { axios: { proxy: config, httpsAgent: trusting() } });
    for (let n = 0; n < 5; n++) {
      transport.send(eventEnvelope(n));
      expect(await transport.flush(5000)).toBe(true);
    }
    expect(receiver.events).toHaveLength(5);
    expect(proxy.asked).toHaveLength(1);
    await transport.close(1000);
    await expect.poll(() => proxy.openCount()).toBe(0);
  });

  it('gives the proxy its credentials, and the server none of them', async () => {
    const { receiver, proxy, config } = await behindProxy({ credentials: CREDENTIALS });
    const [username, password] = CREDENTIALS.split(':');
    const auth = { username, password };
    for (const given of [
      { proxy: { ...config, auth }, httpsAgent: trusting() },
      axios.create({ proxy: { ...config, auth }, httpsAgent: trusting() }),
    ]) {
      const { transport, logger } = transportFor(HTTPS_DSN, { axios: given });
      transport.send(eventEnvelope(1));
      expect(await transport.flush(5000)).toBe(true);
      expect(logger.loud).toEqual([]);
    }
    expect(proxy.asked).toHaveLength(2);
    expect(JSON.stringify(receiver.requests.map(({ headers }) => headers))).not.toMatch(/proxy/i);
  });

  it('may be reached through a proxy that speaks TLS itself', async () => {
    const own = await authority.sign('127.0.0.1');
    const { receiver, proxy, config } = await behindProxy({ certificate: own });
    const { transport } = transportFor(HTTPS_DSN, {
      axios: { proxy: { ...config, protocol: 'https' }, httpsAgent: trusting() },
    });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(1);
    expect(proxy.asked).toEqual(['CONNECT sentry.test:443']);
  });

  it('checks the certificate of the server behind the proxy', async () => {
    const { receiver, config } = await behindProxy();
    const { transport, logger } = transportFor(HTTPS_DSN, { axios: { proxy: config } });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver.*certificate/);
    expect(receiver.requests).toEqual([]);
  });

  it('gives up in time where the proxy never answers, and leaves no connection behind', async () => {
    const { proxy, config } = await behindProxy({ onConnect: () => undefined });
    const { transport, logger } = transportFor(HTTPS_DSN, { axios: { proxy: config }, timeoutMs: 100 });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/no answer within 100 ms/);
    await expect.poll(() => proxy.openCount()).toBe(0);
  });

  it('reads no more of an endless answer of the proxy than a head may have', async () => {
    const endless = await startRawServer((socket) =>
      writeForever(socket, 'HTTP/1.1 200 ' + 'x'.repeat(65_536)),
    );
    const { transport, logger } = transportFor(HTTPS_DSN, {
      axios: { proxy: { host: '127.0.0.1', port: endless.port } },
    });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    await endless.allClosed();
  });

  it.each<[string, (socket: Duplex) => void]>([
    ['ends', (socket) => void socket.end()],
    ['ends after half a head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nX-A: ')],
    ['speaks no HTTP', (socket) => void socket.write('SSH-2.0-x\r\n\r\n')],
    ['ends its tunnel', (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n')],
    ['resets its tunnel', (socket) => reset(socket, 'HTTP/1.1 200 OK\r\n\r\n')],
    [
      'puts something else at its end',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nnot TLS, surely'),
    ],
  ])('is kept waiting, and nothing thrown, where the proxy %s', async (_what, onConnect) => {
    const { receiver, proxy, config } = await behindProxy({ onConnect });
    const { transport, logger } = transportFor(HTTPS_DSN, { axios: { proxy: config } });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    expect(transport.discards.total()).toBe(0);
    expect(receiver.requests).toEqual([]);
    await expect.poll(() => proxy.openCount()).toBe(0);
  });

  it('begins again at once when a tunnel was closed between two events', async () => {
    const { receiver, proxy, config } = await behindProxy();
    const { transport, logger } = transportFor(HTTPS_DSN, {
      axios: { proxy: config, httpsAgent: trusting() },
    });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    proxy.dropAll();
    transport.send(eventEnvelope(2));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(2);
    expect(logger.loud).toEqual([]);
  });
});

describe.each([
  ['http', HTTP_DSN],
  ['https', HTTPS_DSN],
])('a proxy that will not serve, before an %s DSN,', (_scheme, dsn) => {
  it.each([407, 502])('with %i, is an outage: the event waits until it will', async (status) => {
    const { receiver, proxy, config } = await behindProxy({ refuseWith: status });
    const auth = { username: 'proxy-user', password: 'proxy-pass' };
    if (dsn === HTTP_DSN) proxy.options.upstreamPort = receiver.port;
    const { transport, logger } = transportFor(dsn, {
      axios: { proxy: { ...config, auth }, httpsAgent: trusting() },
    });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver/);
    expect(logger.loud[0]).toContain(String(status));
    if (status === 407) expect(logger.loud[0]).toContain('the proxy wants other credentials');
    expect(transport.discards.total()).toBe(0);
    delete proxy.options.refuseWith;
    expect(await transport.flush(10_000)).toBe(true);
    expect(receiver.events).toHaveLength(1);
    expect(logger.lines.join()).not.toMatch(/proxy-user|proxy-pass|cHJveH/);
  });

  it('as it is not there, is an outage', async () => {
    const { proxy } = await behindProxy();
    const free = await receiverFor();
    await free.close();
    const { transport, logger } = transportFor(dsn, {
      axios: {
        proxy: { host: '127.0.0.1', port: free.port, auth: { username: 'u', password: 'proxy-pass' } },
      },
    });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver.*ECONNREFUSED/);
    expect(transport.discards.total()).toBe(0);
    expect(logger.lines.join()).not.toContain('proxy-pass');
    expect(proxy.asked).toEqual([]);
  });
});

describe('a proxy that writes into its answer what it was sent', () => {
  /** Answers with the credentials, in all the ways that somebody could write them. */
  async function startEcho(): Promise<string> {
    const echo = createServer(({ headers }, response) => {
      const [, base64] = String(headers['proxy-authorization']).split(' ');
      const [user, password] = Buffer.from(base64, 'base64').toString().split(':');
      response.writeHead(400, { 'x-sentry-error': `not good: ${user} with ${password}, or ${base64}` }).end();
    });
    onTestFinished(() => void echo.close());
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    return `127.0.0.1:${(echo.address() as AddressInfo).port}`;
  }
  const masked = 'not good: *** with ***, or ***';

  it.each<[string, (proxy: AxiosProxyConfig) => AxiosOption]>([
    ['configuration', (proxy) => ({ proxy })],
    ['an instance', (proxy) => axios.create({ proxy })],
  ])('is told without it where the proxy is from %s', async (_what, axiosOf) => {
    const [host, port] = (await startEcho()).split(':');
    const auth = { username: 'proxy-user', password: 'proxy-pass' };
    const proxy = { host, port: Number(port), auth };
    const { transport, logger } = transportFor(HTTP_DSN, { axios: axiosOf(proxy) });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(logger.loud.join()).toContain(masked);
    expect(logger.lines.join()).not.toMatch(/proxy-user|proxy-pass|cHJveHk/);
  });

  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
    'is told without it where the proxy is from %s',
    async (name) => {
      const url = `http://proxy-user:p%40ss-word@${await startEcho()}`;
      const tell = `${capture} client.flush(8000).then(() => log(JSON.stringify(client.stats().lastError)));`;
      const { output } = await children.run(tell, { DSN: HTTP_DSN, [name]: url });
      expect(output).toContain(masked);
      expect(output).not.toMatch(/proxy-user|p(?:@|%40)ss-word|cHJveHk/);
    },
  );
});

describe('a refusal of the proxy to dig a tunnel', () => {
  it('is not taken for an answer of the server', async () => {
    const { proxy, config } = await behindProxy({ refuseWith: 403 });
    const { transport, logger } = transportFor(HTTPS_DSN, { axios: { proxy: config } });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver.*the proxy answered 403/);
    expect(transport.discards.total()).toBe(0);
    expect(proxy.asked).toHaveLength(1);
  });
});

const capture = `
  const client = new RavenClient({ dsn: process.env.DSN, installProcessHandlers: false, debug: true }, { logger });
  client.captureException(new Error('boom'));
`;
const flushed = `${capture} client.flush(8000).then((ok) => log('flushed ' + ok));`;

describe('proxies of the environment', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('%s takes what goes to an http DSN', async (name) => {
    const { receiver, proxy, config } = await behindProxy({ credentials: CREDENTIALS });
    proxy.options.upstreamPort = receiver.port;
    const url = `http://${CREDENTIALS}@127.0.0.1:${config.port}`;
    const run = await children.run(flushed, { DSN: HTTP_DSN, [name]: url });
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(run.output).toContain('flushed true');
    expect(proxy.asked).toEqual(['POST http://sentry.test/api/1/envelope/']);
    expect(receiver.events).toHaveLength(1);
    expect(receiver.requests[0].headers).not.toHaveProperty('proxy-authorization');
    expect(run.output).not.toMatch(/proxy-pass|dsn-secret/);
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('%s takes what goes to an https DSN', async (name) => {
    const { receiver, proxy, config } = await behindProxy({ credentials: CREDENTIALS });
    const url = `http://${CREDENTIALS}@127.0.0.1:${config.port}`;
    const env = { DSN: HTTPS_DSN, [name]: url, NODE_EXTRA_CA_CERTS: authority.file };
    const run = await children.run(flushed, env);
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(run.output).toContain('flushed true');
    expect(proxy.asked).toEqual(['CONNECT sentry.test:443']);
    expect(receiver.events).toHaveLength(1);
    expect(run.output).not.toMatch(/proxy-pass|dsn-secret/);
  });

  it.each(['NO_PROXY', 'no_proxy'])('%s takes servers out', async (name) => {
    const { receiver, proxy } = await behindProxy();
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, [name]: 'elsewhere.test,127.0.0.1' };
    const run = await children.run(flushed, { DSN: receiver.dsn(), ...env });
    expect(run.output).toContain('flushed true');
    expect(proxy.asked).toEqual([]);
    expect(receiver.events).toHaveLength(1);
  });

  it('do not see the copies for Spotlight on the same machine', async () => {
    const { receiver, proxy } = await behindProxy();
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, SENTRY_SPOTLIGHT: `${receiver.url}/stream` };
    const run = await children.run(flushed, env);
    expect(run).toMatchObject({ code: 0 });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/stream']);
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['never answers', { onConnect: () => undefined }],
    ['asks for credentials', { refuseWith: 407 }],
  ])('do not keep the process where one %s', async (_what, options) => {
    const { proxy } = await behindProxy(options);
    const url = `http://proxy-user:proxy-pass@127.0.0.1:${proxy.port}`;
    const end = 'process.stdin.resume().on("end", () => log("the app is done"));';
    const asked = expect.poll(() => proxy.asked.length, { timeout: 30_000 }).toBeGreaterThan(0);
    const run = await children.run(`${capture} ${end}`, { DSN: HTTPS_DSN, HTTPS_PROXY: url }, asked);
    await asked;
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(run.output).toContain('the app is done');
    expect(run.tookMs).toBeLessThan(8000);
    // Once more by whoever delivers what is left when the process ends.
    expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT sentry.test:443']));
    expect(run.output).not.toMatch(/proxy-user|proxy-pass|dsn-secret/);
  });

  it.each([
    'http://us er:proxy-pass@[bad',
    'http://',
    '://proxy-pass@x:99999999',
    'socks5://u:proxy-pass@127.0.0.1:1',
  ])('that cannot be used, such as %s, are told and harm nothing', async (url) => {
    for (const dsn of [HTTP_DSN, HTTPS_DSN]) {
      const run = await children.run(`${capture} client.flush(300).then((ok) => log('flushed ' + ok));`, {
        DSN: dsn,
        HTTP_PROXY: url,
        HTTPS_PROXY: url,
      });
      expect(run).toMatchObject({ code: 0, signal: null });
      expect(run.output).toContain('flushed false');
      expect(run.output).toContain('cannot deliver');
      expect(run.output).not.toMatch(/proxy-pass|dsn-secret/);
    }
  });
});
