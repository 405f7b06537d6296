// node bench/heap/run.mjs [--minutes 10] [--disabled] [--json file]: whether the heap grows under a mixed load, errors
// and their delivery included, beside a server that comes and goes. Fails where it does, and tells of what.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROUTES } from './route-list.mjs';
import { growth } from './trend.mjs';

const { values: given } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    disabled: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const MIB = 2 ** 20;
/** What the fitted line may rise by in the second half: caches that fill up, and what V8 keeps of its own. */
const ALLOWED = { share: 0.03, bytes: MIB / 2 };
const CONCURRENCY = 8;
const FILLS_CACHES = new Set(['unique-stack', 'evaluated']);
/** More than frames, files and views of code are remembered. */
const FILLING_REQUESTS = 5000;
/** One round of load, and what the server is like meanwhile; then all is delivered, collected and measured. */
const ROUND = [
  ['ok', 4000],
  ['dead', 1500],
  ['ok', 500],
  ['hanging', 500],
  ['limiting', 500],
  ['ok', 1000],
];

const start = async (path, ...args) => {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), args, { execArgv: ['--expose-gc'] });
  child.once('exit', (code) => isOver || fail(`${path} ended with ${code}`));
  const [{ port }] = await once(child, 'message');
  return { child, port };
};
let isOver = false;
const receiver = await start('../delivery/receiver.mjs');
const app = await start(
  'app.mjs',
  `http://public:secret@127.0.0.1:${receiver.port}/1`,
  given.disabled ? 'disabled' : 'enabled',
);
const ask = async ({ child }, message) => {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer;
};
const askApp = async (question, data) => (await ask(app, { question, given: data })).answer;

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
let sent = 0;
let isLoading = false;

function send(routes) {
  sent += 1;
  const [path, , status] = routes[sent % routes.length];
  const method = path === 'posted' ? 'POST' : 'GET';
  const headers = { 'user-agent': `client ${sent}`, 'x-request-id': `${sent}`, cookie: `session=${sent}` };
  const body = method === 'POST' ? JSON.stringify({ [`key-${sent}`]: 'x'.repeat(sent % 2000) }) : undefined;
  if (body) Object.assign(headers, { 'content-type': 'application/json', 'content-length': body.length });
  const url = `http://127.0.0.1:${app.port}/orders/${path.replace(':id', sent)}?page=${sent}`;
  return new Promise((resolve, reject) => {
    request(url, { agent, method, headers }, (answer) => {
      if (answer.statusCode !== status) reject(new Error(`${path}: ${answer.statusCode}`));
      answer.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });
}

async function load() {
  isLoading = true;
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    while (isLoading) await send(ROUTES);
  });
  for (const [mode, ms] of ROUND) {
    await ask(receiver, { mode });
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  isLoading = false;
  await Promise.all(workers);
}

/** Until bounded caches of code are full: they would look like growth. */
async function fillCaches() {
  const routes = ROUTES.filter(([path]) => FILLS_CACHES.has(path));
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    while (sent < FILLING_REQUESTS) await send(routes);
  });
  await Promise.all(workers);
  await askApp('measure');
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  isOver = true;
  app?.child.kill();
  receiver?.child.kill();
}

await fillCaches();
const startMs = performance.now();
const minutes = () => (performance.now() - startMs) / 60_000;
const until = Number(given.minutes);
const points = [];
let isSampling = false;
console.log('minutes   heap, MiB   buffers, MiB   RSS, MiB   requests   captured   delivered');
while (minutes() < until) {
  await load();
  const { heapUsed, rss, arrayBuffers, isDrained, captured, delivered, dropped, pending } =
    await askApp('measure');
  points.push({
    minutes: minutes(),
    heapUsed,
    rss,
    arrayBuffers,
    isDrained,
    requests: sent,
    captured,
    delivered,
    dropped,
    pending,
  });
  const cells = [
    minutes().toFixed(2),
    ...[heapUsed, arrayBuffers, rss].map((bytes) => (bytes / MIB).toFixed(2)),
  ];
  console.log([...cells, sent, captured, delivered, isDrained ? '' : 'not drained'].join('\t'));
  if (!isSampling && minutes() >= until / 2) {
    isSampling = true;
    await askApp('sample');
  }
}
const half = points.filter((point) => point.minutes >= until / 2);
const grown = growth(half.map(({ minutes: x, heapUsed }) => [x, heapUsed]));
const allowed = ALLOWED.share * half[0].heapUsed + ALLOWED.bytes;
const isGrowing = grown > allowed;
const tell = `heap in the second half: ${(grown / MIB).toFixed(2)} MiB, allowed ${(allowed / MIB).toFixed(2)}`;
console.log(`${tell}; ${half.at(-1).requests - half[0].requests} requests`);
const { captured, delivered, dropped, pending } = points.at(-1);
const unaccounted =
  captured - delivered - pending - Object.values(dropped).reduce((sum, count) => sum + count, 0);
console.log('dropped, and told of:', dropped);
const live = await askApp('allocatedSince');
if (isGrowing) {
  console.log('\nKiB that live at the end and were allocated in the second half, by function');
  for (const [name, bytes] of live) console.log(`${(bytes / 1024).toFixed(0).padStart(8)}  ${name}`);
  console.log(await askApp('snapshot', join(tmpdir(), `nestjs-raven-${process.pid}.heapsnapshot`)));
}
const result = {
  node: process.version,
  minutes: until,
  grownBytes: grown,
  allowedBytes: allowed,
  points,
  live,
};
if (given.json) writeFileSync(given.json, JSON.stringify(result, null, 2));
isOver = true;
app.child.disconnect();
receiver.child.disconnect();
if (unaccounted !== 0) console.error(`${unaccounted} events are unaccounted for`);
if (isGrowing || unaccounted !== 0) process.exitCode = 1;
