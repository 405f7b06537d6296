// Where a capture's allocations come from: node --expose-gc --max-semi-space-size=1024 --min-semi-space-size=1024
// bench/events/allocation.mjs nestjs-raven [captures]. KiB per capture by function, its own and with all it calls.
import { mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typicalError } from './typical-error.mjs';

const INTERVAL_BYTES = 512;
const WARM_UP = 1000;
const [, , name = 'nestjs-raven', count = '300'] = process.argv;
const { contender } = await import(`./${name}.mjs`);
const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-bench-'));
const makeError = typicalError(folder);
const subject = contender(folder);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function captureAll(errors) {
  for (const error of errors) {
    await nextTurn();
    subject.work(() => {
      subject.describe();
      subject.capture(error);
    });
  }
  await subject.flush();
}

const makeErrors = (quantity) => Array.from({ length: quantity }, (_, id) => makeError(id));
const quantity = Number(count);
await captureAll(makeErrors(WARM_UP));
const errors = makeErrors(quantity);
global.gc();
const session = new Session();
session.connect();
await session.post('HeapProfiler.startSampling', {
  samplingInterval: INTERVAL_BYTES,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
});
await captureAll(errors);
const { profile } = await session.post('HeapProfiler.stopSampling');
session.disconnect();
rmSync(folder, { recursive: true });

const own = new Map();
const total = new Map();
const add = (map, key, bytes) => map.set(key, (map.get(key) ?? 0) + bytes);
function nameOf({ functionName, url, lineNumber }) {
  const file = url.replace(/^.*\/(dist|build|node_modules)\//, '');
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
/** What a built-in function allocates is told by its caller. */
function walk(node, path, caller) {
  const isBuiltIn = node.callFrame.url === '' && caller !== undefined;
  const key = isBuiltIn ? `${caller} » ${node.callFrame.functionName}` : nameOf(node.callFrame);
  add(own, key, node.selfSize);
  const isNested = path.has(key);
  let bytes = node.selfSize;
  if (!isNested) path.add(key);
  for (const child of node.children) bytes += walk(child, path, isBuiltIn ? caller : nameOf(node.callFrame));
  if (!isNested) {
    path.delete(key);
    add(total, key, bytes);
  }
  return bytes;
}
const all = walk(profile.head, new Set());
console.log(`${name}: ${(all / quantity / 1024).toFixed(1)} KiB per capture`);
function show(title, map) {
  console.log(`\n${title}, KiB per capture`);
  const rows = [...map].sort(([, a], [, b]) => b - a).slice(0, 40);
  for (const [key, bytes] of rows) console.log(`${(bytes / quantity / 1024).toFixed(2).padStart(8)}  ${key}`);
}
show('own', own);
show('with what it calls', total);
process.exit();
