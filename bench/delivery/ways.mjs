// Ways to deliver an event: each is made once, and takes an event and gives a promise of the answer's status.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { leanPost } from './lean-post.mjs';
import { PACKINGS } from './packing.mjs';

const require = createRequire(import.meta.url);
const modules = require('../../dist/nestjs-raven.js');
const { Account } = modules['transport/account.js']();
const { parseDsn } = modules['protocol/dsn.js']();
// All of it, before anything is measured.
const transports = modules['index.js']();
const serialized = (event) => Buffer.from(JSON.stringify(event));

/** One of this package's transports as apps have it, with its queue: resolves when the event is counted. */
function ours(name) {
  return (url) => {
    const account = new Account(Date.now);
    const waiting = [];
    const { sent, dropped } = account;
    account.sent = (quantity, origin) => {
      sent.call(account, quantity, origin);
      waiting.shift()(200);
    };
    account.dropped = (reason, items, origin) => {
      dropped.call(account, reason, items, origin);
      if (items.length > 0) waiting.shift()(0);
    };
    const transport = new transports[name]({
      dsn: parseDsn(`http://public@${new URL(url).host}/1`),
      logger: { debug() {}, warn: console.error, error: console.error },
      account,
    });
    return (event) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        transport.send({
          headers: { event_id: event.event_id },
          items: [{ headers: { type: 'event' }, payload: event }],
        });
      });
  };
}

/** axios with what it cannot do without, over an adapter of one's own. */
function axiosAdapter(url, pack) {
  const { Axios } = require('axios');
  const adapter = async (config) => {
    const status = await leanPost(config.url, config.data, pack !== PACKINGS.none);
    return { data: '', status, statusText: '', headers: {}, config, request: undefined };
  };
  const asIs = (data) => data;
  const client = new Axios({ adapter, transformRequest: [asIs], transformResponse: [asIs], maxRedirects: 0 });
  return async (event) => {
    const data = await pack(serialized(event));
    return (await client.request({ url, method: 'POST', data })).status;
  };
}

function nodeHttp(url, pack) {
  return async (event) => leanPost(url, await pack(serialized(event)), pack !== PACKINGS.none);
}

/** Node's own fetch, which is undici. */
function viaFetch(url, pack) {
  const headers = { 'content-type': 'application/x-sentry-envelope' };
  if (pack !== PACKINGS.none) headers['content-encoding'] = 'gzip';
  return async (event) => {
    const answer = await fetch(url, { method: 'POST', headers, body: await pack(serialized(event)) });
    await answer.arrayBuffer();
    return answer.status;
  };
}

/** A worker thread packs and sends; `post` says what it is given. */
function worker(url, packing, post) {
  const thread = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { url, packing } });
  thread.unref();
  const waiting = new Map();
  let last = 0;
  thread.on('message', ({ id, status }) => {
    waiting.get(id)(status);
    waiting.delete(id);
  });
  return (event) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      post(thread, last, event);
    });
}

const postObject = (thread, id, event) => thread.postMessage({ id, event });
const postText = (thread, id, event) => thread.postMessage({ id, text: JSON.stringify(event) });
function postBytes(thread, id, event) {
  const json = JSON.stringify(event);
  const bytes = new Uint8Array(Buffer.byteLength(json));
  new TextEncoder().encodeInto(json, bytes);
  thread.postMessage({ id, bytes }, [bytes.buffer]);
}

const { none, 'gzip async': async6, 'gzip async 1': async1, 'gzip sync 1': sync1 } = PACKINGS;

/** By name; `serialize` sends nothing: what every way has in common. */
export const WAYS = {
  'JSON alone': () => (event) => Promise.resolve(serialized(event) && 200),
  HttpTransport: ours('HttpTransport'),
  NodeHttpTransport: ours('NodeHttpTransport'),
  WorkerHttpTransport: ours('WorkerHttpTransport'),
  'axios adapter, gzip async': (url) => axiosAdapter(url, async6),
  'axios adapter, gzip sync 1': (url) => axiosAdapter(url, sync1),
  'fetch, gzip sync 1': (url) => viaFetch(url, sync1),
  'node:http, gzip async': (url) => nodeHttp(url, async6),
  'node:http, gzip async 1': (url) => nodeHttp(url, async1),
  'node:http, gzip sync 1': (url) => nodeHttp(url, sync1),
  'node:http, none': (url) => nodeHttp(url, none),
  'worker, object posted': (url) => worker(url, 'gzip sync 1', postObject),
  'worker, JSON posted': (url) => worker(url, 'gzip sync 1', postText),
  'worker, bytes handed over': (url) => worker(url, 'gzip sync 1', postBytes),
};
