import { WorkerHttpTransport } from 'nestjs-raven';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseDsn } from '../../lib/protocol/dsn';
import { createAuthority } from '../support/certificates';
import { compileLibrary, type ChildApps } from './security/support/child-app';
import { startTlsFront } from './security/support/tls-front';
import { RecordingLogger } from './support/recording-logger';
import { receiverFor } from './support/setup';

let children: ChildApps;
beforeAll(() => {
  children = compileLibrary();
}, 60_000);
afterAll(() => children.remove());

/** An app whose client delivers by a thread; whatever the thread has to say is in the output. */
const client = (rest: string): string => `
  const { WorkerHttpTransport } = require('./transport/worker-http.transport.js');
  const client = new RavenClient({ dsn: process.env.DSN, transport: WorkerHttpTransport }, { logger });
  ${rest}
`;
const FLUSHED = client(`
  client.captureException(new Error('boom'));
  client.flush(8000).then((ok) => log('flushed ' + ok + ', sent ' + client.stats().sent));
`);

describe('a WorkerHttpTransport', () => {
  it('is made of its class by a client, delivers, and lets the process end by itself', async () => {
    const receiver = await receiverFor();
    const run = await children.run(FLUSHED, { DSN: receiver.dsn() });
    expect(run).toMatchObject({ code: 0, signal: null, output: 'flushed true, sent 1\n' });
    expect(receiver.events).toHaveLength(1);
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

  it('has started before the first event where the client was warmed up, and keeps nothing alive then', async () => {
    const receiver = await receiverFor();
    const run = await children.run(client('client.warmUp(); setTimeout(() => log("end"), 200);'), {
      DSN: receiver.dsn(),
    });
    expect(run).toMatchObject({ code: 0, signal: null, output: 'end\n' });
  });

  it('delivers what a process ends with that is left to itself', async () => {
    const receiver = await receiverFor();
    const run = await children.run(client("client.captureException(new Error('last'));"), {
      DSN: receiver.dsn(),
    });
    expect(run).toMatchObject({ code: 0, signal: null, output: '' });
    expect(receiver.events).toHaveLength(1);
  });

  it('has delivered what was captured just before process.exit', async () => {
    const receiver = await receiverFor();
    const run = await children.run(client("client.captureException(new Error('last')); process.exit(3);"), {
      DSN: receiver.dsn(),
    });
    expect(run).toMatchObject({ code: 3, signal: null });
    expect(receiver.events).toHaveLength(1);
  });

  it('has its thread trust NODE_EXTRA_CA_CERTS, and nobody else', async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority.remove());
    const receiver = await receiverFor();
    const port = await startTlsFront(await authority.sign('127.0.0.1'), receiver.port);
    const DSN = `https://key@127.0.0.1:${port}/1`;
    const trusting = await children.run(FLUSHED, { DSN, NODE_EXTRA_CA_CERTS: authority.file });
    expect(trusting.output).toBe('flushed true, sent 1\n');
    const strange = await children.run(FLUSHED.replace('8000', '300'), { DSN });
    expect(strange.output).toContain('flushed false');
    expect(receiver.events).toHaveLength(1);
  });

  it.each(['HTTP_PROXY', 'all_proxy'])('goes no way around the proxy that %s names', async (name) => {
    const proxy = await receiverFor();
    const run = await children.run(FLUSHED, {
      DSN: 'http://key@sentry.invalid/1',
      [name]: `http://127.0.0.1:${proxy.port}`,
    });
    expect(run.output).toBe('flushed true, sent 1\n');
    expect(proxy.requests[0].path).toBe('http://sentry.invalid/api/1/envelope/');
  });

  it('tells another process how to send in its place', () => {
    const dsn = parseDsn('http://key@127.0.0.1:9/1');
    const transport = new WorkerHttpTransport({ dsn, logger: new RecordingLogger() });
    onTestFinished(async () => void (await transport.close(0)));
    expect(transport.target).toMatchObject({ url: 'http://127.0.0.1:9/api/1/envelope/' });
  });
});
