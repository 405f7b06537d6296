import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { NodeHttpTransport, RavenClient, type NodeHttpTransportOptions } from 'nestjs-raven';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseDsn } from '../../lib/protocol/dsn';
import { createAuthority } from '../support/certificates';
import { silentLogger } from '../support/silent-logger';
import { startTlsFront } from './security/support/tls-front';
import { eventEnvelope, idOf } from './support/envelopes';
import { RecordingLogger } from './support/recording-logger';
import { receiverFor } from './support/setup';

function nodeTransport(dsn: string, options: Partial<NodeHttpTransportOptions> = {}): NodeHttpTransport {
  const transport = new NodeHttpTransport({ dsn: parseDsn(dsn), logger: new RecordingLogger(), ...options });
  onTestFinished(async () => void (await transport.close(0)));
  return transport;
}

describe('a NodeHttpTransport', () => {
  it('is made of its class by a client, and delivers', async () => {
    const receiver = await receiverFor();
    const options = { dsn: receiver.dsn(), installProcessHandlers: false, transport: NodeHttpTransport };
    const client = new RavenClient(options, { logger: silentLogger, env: {} });
    onTestFinished(async () => void (await client.close(0)));
    const id = client.captureException(new Error('boom'));
    expect(await client.flush(5000)).toBe(true);
    expect(receiver.events.map(({ event_id }) => event_id)).toEqual([id]);
    expect(client.stats()).toMatchObject({ captured: 1, sent: 1, pending: 0 });
  });

  it('sends as axios does: the same headers, and no other', async () => {
    const receiver = await receiverFor();
    nodeTransport(receiver.dsn()).send(eventEnvelope(1));
    await receiver.waitForRequests(1);
    expect(Object.keys(receiver.requests[0].headers).sort()).toEqual([
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'x-sentry-auth',
    ]);
  });

  it('trusts what its agent trusts', async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority.remove());
    const receiver = await receiverFor();
    const port = await startTlsFront(await authority.sign('127.0.0.1'), receiver.port);
    const agent = new SecureAgent({ ca: authority.pem, keepAlive: true });
    onTestFinished(() => agent.destroy());
    const transport = nodeTransport(`https://key@127.0.0.1:${port}/1`, { agent });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.events.map(({ event_id }) => event_id)).toEqual([idOf(1)]);
  });

  it('leaves connections of an agent that it was given', async () => {
    const receiver = await receiverFor();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const transport = nodeTransport(receiver.dsn(), { agent });
    transport.send(eventEnvelope(1));
    await transport.close(5000);
    expect(await receiver.connectionCount()).toBe(1);
  });

  it('tells another process how to send in its place, but not with an agent', () => {
    const dsn = 'http://key@127.0.0.1:9/1';
    expect(nodeTransport(dsn).target).toMatchObject({ url: 'http://127.0.0.1:9/api/1/envelope/' });
    expect(nodeTransport(dsn, { agent: new Agent() }).target).toBeUndefined();
  });

  it.each(['HTTP_PROXY', 'all_proxy'])('goes no way around the proxy that %s names', async (name) => {
    const proxy = await receiverFor();
    vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const transport = nodeTransport('http://key@sentry.invalid/1');
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(proxy.requests[0].path).toBe('http://sentry.invalid/api/1/envelope/');
  });
});
