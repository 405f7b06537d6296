// The server that events go to, in a process of its own: counts what arrives, and misbehaves when told to.
import { createServer } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { answerCommands } from '../app/answer-commands.mjs';
import { countItems } from './count-events.mjs';

const DECODERS = { gzip: gunzipSync, deflate: inflateSync };
let mode = 'ok';
let counts = noCounts();

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('error', () => undefined);
  request.on('end', () => take(request, Buffer.concat(chunks), response));
});
await listen(0);
const { port } = server.address();

answerCommands({
  counts: () => counts,
  /** `ok`, `hang` (takes all, never answers), `429`, `dead` (connections are refused). */
  mode: async (wanted) => {
    mode = wanted;
    if (mode !== 'dead') return server.listening || listen(port);
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  },
  /** Forgets what came. */
  zero: () => {
    counts = noCounts();
  },
});
process.send({ listening: port });

function take(request, body, response) {
  counts.requests += 1;
  counts.bytes += body.length;
  if (mode === 'hang') return;
  if (mode === '429') {
    response.writeHead(429, { 'retry-after': '60' }).end();
    return;
  }
  const decode = DECODERS[request.headers['content-encoding']];
  try {
    const items = countItems(request.url, decode ? decode(body) : body);
    for (const [kind, count] of Object.entries(items)) counts.items[kind] = (counts.items[kind] ?? 0) + count;
  } catch {
    counts.items.unreadable = (counts.items.unreadable ?? 0) + 1;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}

function noCounts() {
  return { requests: 0, bytes: 0, items: {} };
}

function listen(at) {
  return new Promise((resolve) => server.listen(at, '127.0.0.1', () => resolve(true)));
}
