// What `captureLocals` costs: `npm run build && node bench/locals/cost.mjs`. Prints one column per mode.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODES = ['false', 'uncaught', 'all'];
const require = createRequire(import.meta.url);

if (process.argv[2] === undefined) {
  const results = MODES.map((mode) =>
    JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), mode], { encoding: 'utf8' })),
  );
  console.log(`Node ${process.version}`);
  console.log(['', ...MODES].join(' | '));
  for (const name of Object.keys(results[0])) console.log([name, ...results.map((r) => r[name])].join(' | '));
} else {
  console.log(JSON.stringify(await measure(process.argv[2])));
}

async function measure(mode) {
  const { RavenClient, RecordingTransport } = require('../../dist');
  const { processLocals } = require('../../dist/nestjs-raven')['locals/process-locals.js']();
  const rssBefore = process.memoryUsage.rss();
  const startMs = performance.now();
  const client = new RavenClient({
    dsn: 'http://public@localhost/1',
    transport: new RecordingTransport(),
    includeVersions: false,
    installProcessHandlers: false,
    captureLocals: mode === 'false' ? false : mode,
  });
  // Nothing is to be switched off here.
  processLocals.budget = { spend: () => undefined };
  const isStarting = () =>
    Object.getOwnPropertySymbols(process).some((key) => String(key).includes('nestjs-raven'));
  while (isStarting()) await new Promise((resolve) => setTimeout(resolve, 1));
  const result = {};
  result['start, ms'] = round(performance.now() - startMs);
  await new Promise((resolve) => setTimeout(resolve, 200));
  result['memory, MB'] = round((process.memoryUsage.rss() - rssBefore) / 1e6);

  const few = mode === 'all' ? 1000 : 50_000;
  const app = (value) => {
    const order = { id: value, items: [1, 2, 3], customer: { name: 'n' } };
    try {
      throw new Error(`no ${order.id}`);
    } catch (error) {
      return error;
    }
  };
  const deep = (left, value) => (left === 0 ? app(value) : [deep(left - 1, value)]);
  const folder = mkdtempSync(join(tmpdir(), 'raven-bench-'));
  mkdirSync(join(folder, 'node_modules'));
  const file = join(folder, 'node_modules', 'package.cjs');
  writeFileSync(file, "module.exports = (v) => { throw new Error('package ' + v); };");
  const fail = require(file);
  const ofPackage = (value) => {
    try {
      fail(value);
    } catch (error) {
      return error;
    }
  };
  const json = () => {
    try {
      JSON.parse('{');
    } catch (error) {
      return error;
    }
  };
  const node = () => {
    try {
      return new URL('none');
    } catch (error) {
      return error;
    }
  };
  const time = (name, count, fn) => {
    for (let i = 0; i < 100; i++) fn(i);
    const begunMs = performance.now();
    for (let i = 0; i < count; i++) fn(i);
    result[`${name}, µs`] = round(((performance.now() - begunMs) / count) * 1000);
  };
  time("an error of the app's own code", few, app);
  time('the same 50 calls deep', few, (i) => deep(50, i));
  time('an error of a package', 50_000, ofPackage);
  time("an error of one of Node's modules (new URL)", few, node);
  time('JSON.parse that fails', few, json);
  const begunMs = performance.now();
  const settled = Promise.resolve();
  for (let i = 0; i < 300_000; i++) await settled;
  result['an await, µs'] = Math.round(((performance.now() - begunMs) / 300_000) * 1e6) / 1000;
  await client.close();
  while (processLocals.isRunning) await new Promise((resolve) => setTimeout(resolve, 1));
  time('an error after close()', 50_000, app);
  rmSync(folder, { recursive: true });
  return result;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
