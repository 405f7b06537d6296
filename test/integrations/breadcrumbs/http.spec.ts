import http, { createServer, type IncomingMessage, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import axios from 'axios';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RavenClient } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../../support/receiver';
import { newClient } from '../../client/support/new-client';
import { crumbsOf } from './crumbs-of';

const server = createServer((request, response) => {
  const [path] = (request.url ?? '').split('?', 1);
  if (path === '/moved') return void response.writeHead(302, { location: '/ok' }).end();
  if (path === '/hang') return;
  if (path === '/cut') return void response.write('x', () => response.destroy());
  if (path === '/reset') return void request.socket.destroy();
  response.statusCode = Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 200);
  response.end('text');
});
let origin = '';
let receiver: Receiver;

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver = await startReceiver();
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await receiver.close();
});

function byNode(path: string, options: RequestOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = http.request(origin + path, options, (response: IncomingMessage) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode))
        .resume();
    });
    request.on('error', reject).end();
  });
}

const WAYS: [string, (path: string) => Promise<unknown>][] = [
  ['node:http', (path) => byNode(path)],
  ['fetch', (path) => fetch(origin + path)],
  ['axios over node:http', (path) => axios.get(origin + path, { adapter: 'http', validateStatus: null })],
  ['axios over fetch', (path) => axios.get(origin + path, { adapter: 'fetch', validateStatus: null })],
];

describe.each(WAYS)('a request sent by %s', (_, ask) => {
  it('is one breadcrumb, once its answer is there', async () => {
    const test = newClient();
    await ask('/ok?page=2');
    expect(crumbsOf(test)).toEqual([
      {
        timestamp: expect.any(Number),
        type: 'http',
        category: 'http',
        level: 'info',
        message: null,
        data: { method: 'GET', url: `${origin}/ok?page=2`, status_code: 200, duration: expect.any(Number) },
      },
    ]);
  });

  it.each([
    ['/404', 'warning', 404],
    ['/503', 'error', 503],
  ])('to %s has the level %s', async (path, level, status) => {
    const test = newClient();
    await ask(path);
    expect(crumbsOf(test)).toMatchObject([{ level, data: { status_code: status } }]);
  });

  it('that gets no answer says why', async () => {
    const test = newClient();
    await expect(ask('/reset')).rejects.toThrow();
    const [crumb, ...more] = crumbsOf(test);
    expect(more).toEqual([]);
    expect(crumb).toMatchObject({ level: 'error', data: { url: `${origin}/reset` } });
    expect(crumb.data?.reason).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(crumb.data).not.toHaveProperty('status_code');
  });

  it('tells no secret of its query', async () => {
    const test = newClient();
    await ask('/ok?api_key=abc123&page=2');
    expect(JSON.stringify(crumbsOf(test))).not.toContain('abc123');
    expect(crumbsOf(test)[0].data?.url).toMatch(/\?api_key=[^&]*&page=2$/);
  });

  it('leaves none where that is switched off', async () => {
    const off = newClient({ breadcrumbSources: { http: false } });
    const none = newClient({ breadcrumbSources: false });
    const disabled = newClient({ enableBreadcrumbs: false });
    const on = newClient();
    await ask('/ok');
    for (const test of [off, none, disabled]) expect(crumbsOf(test)).toEqual([]);
    expect(crumbsOf(on)).toHaveLength(1);
  });

  it('belongs to the work that began it, whatever connection it used', async () => {
    const test = newClient();
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_none, id) =>
        test.client.context.run(async () => {
          for (const turn of [1, 2, 3]) await ask(`/ok?id=${id}&turn=${turn}`);
          return test.client.context.breadcrumbs.map(({ data }) => String(data?.url));
        }),
      ),
    );
    for (const [id, urls] of asked.entries()) {
      expect(urls).toEqual([1, 2, 3].map((turn) => `${origin}/ok?id=${id}&turn=${turn}`));
    }
    expect(test.client.rootContext.breadcrumbs).toEqual([]);
  });

  it('to a server that a client delivers to is none', async () => {
    const test = newClient();
    newClient({ dsn: `http://public@${new URL(origin).host}/2` });
    await ask('/ok');
    expect(crumbsOf(test)).toEqual([]);
  });

  it('to Spotlight is none', async () => {
    const test = newClient({ spotlight: `${origin}/stream` });
    await ask('/ok');
    expect(crumbsOf(test)).toEqual([]);
  });

  it('is none where the context is not active', async () => {
    const test = newClient();
    test.client.context.deactivate();
    await ask('/ok');
    expect(crumbsOf(test)).toEqual([]);
  });
});

describe('requests sent by the app', () => {
  it('that are redirected are as many as were sent', async () => {
    const test = newClient();
    await fetch(`${origin}/moved`);
    await axios.get(`${origin}/moved`, { adapter: 'http' });
    const seen = crumbsOf(test).map(({ data }) => `${String(data?.status_code)} ${String(data?.url)}`);
    const once = [`302 ${origin}/moved`, `200 ${origin}/ok`];
    expect(seen).toEqual([...once, ...once]);
  });

  it('tell no credentials and no fragment', async () => {
    const test = newClient();
    await axios.get(`${origin.replace('//', '//user:hunter2@')}/ok#top`, { adapter: 'http' });
    // By another method: equal ones in a row are one, and they may have taken the same time.
    await fetch(`${origin}/ok#top`, { method: 'POST' });
    expect(crumbsOf(test).map(({ data }) => data?.url)).toEqual([`${origin}/ok`, `${origin}/ok`]);
  });

  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['node:http', (signal) => byNode('/hang', { signal })],
    ['fetch', (signal) => fetch(`${origin}/hang`, { signal })],
  ])('by %s that are aborted failed once', async (_, ask) => {
    const test = newClient();
    const abort = new AbortController();
    const arrived = once(server, 'request');
    const asking = ask(abort.signal);
    await arrived;
    abort.abort();
    await expect(asking).rejects.toThrow();
    server.closeAllConnections();
    await fetch(`${origin}/ok`);
    expect(crumbsOf(test)).toMatchObject([
      { level: 'error', data: { url: `${origin}/hang`, reason: expect.stringMatching(/ABORT|Abort/) } },
      { data: { url: `${origin}/ok` } },
    ]);
  });

  it('by fetch whose answer ends early failed after all', async () => {
    const test = newClient();
    const answer = await fetch(`${origin}/cut`);
    await expect(answer.text()).rejects.toThrow();
    expect(crumbsOf(test)).toMatchObject([
      { level: 'info', data: { status_code: 200 } },
      { level: 'error', data: { status_code: 200, reason: 'UND_ERR_SOCKET' } },
    ]);
  });

  it('to nobody say so', async () => {
    const test = newClient();
    await new Promise((resolve) => server.close(resolve));
    await expect(byNode('/one')).rejects.toThrow();
    await expect(fetch(`${origin}/two`)).rejects.toThrow();
    server.listen(0);
    expect(crumbsOf(test).map(({ data }) => data?.reason)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  });

  it('over a kept-alive connection that another work opened are in their own', async () => {
    const test = newClient();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const work = (id: number): Promise<unknown[]> =>
      test.client.context.run(async () => {
        await byNode(`/ok?id=${id}`, { agent });
        return test.client.context.breadcrumbs.map(({ data }) => data?.url);
      });
    const seen = await Promise.all([1, 2, 3].map(work));
    agent.destroy();
    expect(seen).toEqual([1, 2, 3].map((id) => [`${origin}/ok?id=${id}`]));
  });

  it('are there when the app looks at the status, without reading the answer', async () => {
    const test = newClient();
    const answer = await fetch(`${origin}/500`);
    test.client.captureMessage(`got ${answer.status}`);
    expect(test.event().breadcrumbs?.values).toMatchObject([{ data: { status_code: 500 } }]);
    await answer.text();
  });

  it('do not hold up: deliveries themselves are never among them', async () => {
    const client = newClient({ dsn: receiver.dsn(), transport: undefined }).client;
    const other = newClient();
    for (const turn of [1, 2, 3]) {
      client.captureMessage(`event ${turn}`);
      expect(await client.flush()).toBe(true);
    }
    expect(receiver.events).toHaveLength(3);
    for (const event of receiver.events) expect(event).not.toHaveProperty('breadcrumbs');
    expect(crumbsOf(other)).toEqual([]);
  });

  it('that hooks send are no part of it', async () => {
    const sent: Promise<unknown>[] = [];
    const test = newClient({ beforeSend: () => void sent.push(byNode('/ok'), fetch(`${origin}/ok`)) });
    crumbsOf(test);
    await Promise.all(sent);
    expect(sent).toHaveLength(2);
    expect(crumbsOf(test)).toEqual([]);
    await Promise.all(sent);
  });
});

describe('channels', () => {
  const names = [
    'http.client.request.start',
    'http.client.response.finish',
    'http.client.request.error',
    'undici:request:create',
    'undici:request:headers',
    'undici:request:trailers',
    'undici:request:error',
  ];
  const listened = (): boolean[] => names.map((name) => channel(name).hasSubscribers);
  const all = (value: boolean): boolean[] => names.map(() => value);

  it('are listened to from the first client that wants them to the last', async () => {
    const { client: uninterested } = newClient({ breadcrumbSources: { http: false } });
    expect(listened()).toEqual(all(false));
    const [first, second]: RavenClient[] = [newClient().client, newClient().client];
    expect(listened()).toEqual(all(true));
    await first.close(0);
    expect(listened()).toEqual(all(true));
    await second.close(0);
    expect(listened()).toEqual(all(false));
    expect(uninterested.isEnabled()).toBe(true);
  });

  it('that publish something else do no harm', () => {
    const test = newClient();
    for (const name of names) {
      for (const message of [{}, null, { request: null }, { request: 1 }]) channel(name).publish(message);
    }
    expect(crumbsOf(test)).toEqual([]);
  });
});
