// node bench/delivery/run.mjs [--quick] [--json file] [--way name]…: what delivering an event takes, by way; after npm run build.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { byTurns, told } from '../turns.mjs';
import { WAYS } from './ways.mjs';

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    way: { type: 'string', multiple: true, default: Object.keys(WAYS) },
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROUNDS = given.quick ? 1 : 5;
const COUNT = given.quick ? 500 : 3000;
const SIZES = [5000, 20_000];
const COLUMNS = {
  'CPU, µs': ['cpuUs', 0],
  'CPU of the main thread, µs': ['mainCpuUs', 0],
  'event loop busy, µs': ['activeUs', 0],
  'event loop delay p99, ms': ['delayP99Ms', 1],
  'RSS grown, MB': ['rssMb', 0],
};

const receiver = fork(here('receiver.mjs'));
const [{ port }] = await once(receiver, 'message');
const url = `http://127.0.0.1:${port}/api/1/envelope/`;
const results = {};
let lost = 0;
for (const size of SIZES) {
  const contenders = Object.fromEntries(
    given.way.map((way) => [way, [here('measure.mjs'), way, String(size), String(COUNT), url]]),
  );
  results[size] = byTurns(contenders, ROUNDS);
  console.log(`\nNode ${process.version}, ${ROUNDS} rounds of ${COUNT} events of ${size} bytes, per event`);
  const rows = Object.entries(results[size]).map(([way, figures]) => {
    lost += figures.lost.reduce((sum, value) => sum + value, 0);
    const cells = Object.entries(COLUMNS)
      .filter(([, [key]]) => !figures[key].includes(null))
      .map(([title, [key, digits]]) => [title, told(figures[key], digits)]);
    return [way, Object.fromEntries(cells)];
  });
  console.table(Object.fromEntries(rows));
}
receiver.disconnect();
if (given.json) writeFileSync(given.json, JSON.stringify({ node: process.version, rounds: ROUNDS, results }));
if (lost > 0) {
  console.error(`${lost} events were lost`);
  process.exitCode = 1;
}
