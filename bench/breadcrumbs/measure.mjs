// One process measures one contender once: what breadcrumbs recorded in scopes of their own take and allocate.
import { performance } from 'node:perf_hooks';
import { allocatedBytes } from '../allocated-bytes.mjs';

const CRUMBS = 10;
const CHECKED = 1000;
const WARM_UP = 50_000;
const [, , name, count, what] = process.argv;
const scopes = Number(count);
const [file, kind] = name.split(' ');
const { contender } = await import(`./${file}.mjs`);
const subject = contender(kind);
let lost = 0;
let isCounted = true;

/** Half of a scope's breadcrumbs before it waits, half after, as a request's are. */
async function request(id) {
  for (let n = 0; n < CRUMBS / 2; n++) record(id, n);
  await Promise.resolve();
  for (let n = CRUMBS / 2; n < CRUMBS; n++) record(id, n);
  if (isCounted && subject.recorded() !== CRUMBS) lost += 1;
}

function record(id, n) {
  subject.record({ category: 'orders', message: `step ${n}`, level: 'info', data: { order: id, step: n } });
}

async function requests(quantity) {
  for (let id = 0; id < quantity; id++) await subject.work(() => request(id));
}

await requests(CHECKED);
// Telling takes longer than recording.
isCounted = false;
await requests(WARM_UP);
if (what === 'allocation') {
  const bytes = await allocatedBytes(() => requests(scopes));
  console.log(JSON.stringify({ bytes: bytes / (scopes * CRUMBS), lost }));
} else {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await requests(scopes);
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, lost }));
}
process.exit();
