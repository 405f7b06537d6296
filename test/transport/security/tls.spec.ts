import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../../support/receiver';
import { eventEnvelope, idOf } from '../support/envelopes';
import { receiverFor, transportFor } from '../support/setup';
import {
  createAuthority,
  type CertificateAuthority,
  type ServerCertificate,
} from '../../support/certificates';
import { compileLibrary, type ChildApps } from './support/child-app';
import { startRawServer } from './support/raw-server';
import { startTlsFront } from './support/tls-front';

let authority: CertificateAuthority;
let children: ChildApps;
const certificates: Record<string, ServerCertificate> = {};

beforeAll(async () => {
  authority = await createAuthority();
  certificates['good'] = await authority.sign('127.0.0.1');
  certificates['expired'] = await authority.sign('127.0.0.1', -1);
  certificates['wrong host'] = await authority.sign('elsewhere.test');
  children = compileLibrary();
}, 180_000);

afterAll(() => {
  authority.remove();
  children.remove();
});

/** A receiver behind TLS. */
async function secured(kind: string): Promise<{ receiver: Receiver; dsn: string }> {
  const receiver = await receiverFor();
  const port = await startTlsFront(certificates[kind], receiver.port);
  return { receiver, dsn: `https://public:dsn-secret@127.0.0.1:${port}/1` };
}

const trusting = (): Agent => new Agent({ ca: authority.pem });

const flushed = `
  const client = new RavenClient({ dsn: process.env.DSN, installProcessHandlers: false }, { logger });
  client.captureException(new Error('boom'));
  client.flush(1500).then((ok) => log('flushed ' + ok));
`;

describe('a server whose certificate', () => {
  it.each([
    ['nobody vouches for', 'good', undefined, /certificate/],
    ['is for another host', 'wrong host', trusting, /altnames/],
    ['has expired', 'expired', trusting, /expired/],
  ])(
    '%s is sent nothing; that is told with the reason, and an outage',
    async (_what, kind, agent, reason) => {
      const { receiver, dsn } = await secured(kind);
      const { transport, logger } = transportFor(dsn, { axios: agent && { httpsAgent: agent() } });
      transport.send(eventEnvelope(1));
      await logger.waitFor(/cannot deliver/);
      expect(logger.loud[0]).toMatch(reason);
      expect(logger.loud[0]).toContain('events are kept and tried again');
      expect(transport.discards.total()).toBe(0);
      expect(receiver.requests).toEqual([]);
      expect(logger.lines.join()).not.toContain('dsn-secret');
    },
  );

  it('is made good while the app runs is given what waited', async () => {
    const receiver = await receiverFor();
    const bad = await startTlsFront(certificates['expired'], receiver.port);
    let port = bad;
    const agent = trusting();
    const instance = axios.create({ httpsAgent: agent });
    const good = await startTlsFront(certificates['good'], receiver.port);
    instance.interceptors.request.use((config) => ({
      ...config,
      url: config.url?.replace(`:${bad}`, `:${port}`),
    }));
    const { transport, logger } = transportFor(`https://key@127.0.0.1:${bad}/1`, { axios: instance });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver.*expired/);
    port = good;
    expect(await transport.flush(10_000)).toBe(true);
    expect(receiver.events.map((event) => event.event_id)).toEqual([idOf(1)]);
  });

  it.each([
    ['configuration', () => ({ httpsAgent: trusting() })],
    ['an instance', () => axios.create({ httpsAgent: trusting() })],
  ])('the CA in %s vouches for is trusted', async (_what, given) => {
    const { receiver, dsn } = await secured('good');
    const { transport, logger } = transportFor(dsn, { axios: given() });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events).toHaveLength(1);
    expect(logger.loud).toEqual([]);
  });

  it.each([
    ['by NODE_EXTRA_CA_CERTS', () => ({ NODE_EXTRA_CA_CERTS: authority.file }), true],
    [
      'by NODE_TLS_REJECT_UNAUTHORIZED, which is the own risk of who sets it,',
      () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      true,
    ],
    ['by nothing in the environment', () => ({}), false],
  ])('is vouched for %s gets the event if so', async (_what, env, isTrusted) => {
    const { receiver, dsn } = await secured('good');
    const run = await children.run(flushed, { DSN: dsn, ...env() });
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(run.output).toContain(`flushed ${isTrusted}`);
    expect(receiver.events).toHaveLength(isTrusted ? 1 : 0);
  });
});

it('a server that has no TLS is sent nothing but the beginning of a handshake', async () => {
  const server = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'));
  const { transport, logger } = transportFor(`https://public:dsn-secret@127.0.0.1:${server.port}/1`, {
    timeoutMs: 500,
  });
  transport.send(eventEnvelope(1));
  await logger.waitFor(/cannot deliver/);
  expect(server.received.join()).not.toMatch(/sentry|public|dsn-secret|event/);
  await server.allClosed();
});

it('nothing in the library turns the check of certificates off', () => {
  const lib = join(__dirname, '../../../lib');
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(sources.length).toBeGreaterThan(100);
  for (const name of sources) {
    expect(readFileSync(join(lib, name), 'utf8')).not.toMatch(
      /rejectUnauthorized|TLS_REJECT_UNAUTHORIZED\W*[=:]|checkServerIdentity|insecureHTTPParser/,
    );
  }
});
