// npm run bench:events [-- --quick] [--json file]: capture of a typical error by this package beside @sentry/node, with
// lines of source and without, by turns, each in fresh processes; medians, and the least and the most.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPeers } from '../peers/install.mjs';
import { byTurns, ratios, told } from '../turns.mjs';

const { values: given } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});
const ROUNDS = given.quick ? 1 : 5;
const CAPTURES = given.quick ? 1000 : 3000;
const SAMPLED_CAPTURES = 300;
/** Ours and theirs, doing the same. */
const PAIRS = { 'with source lines': '', 'without source lines': ' bare' };
const OURS = 'nestjs-raven';
const THEIRS = 'sentry-node';
const script = fileURLToPath(new URL('measure.mjs', import.meta.url));

installPeers();
const runs = (quantity, what) =>
  Object.fromEntries(
    Object.values(PAIRS).flatMap((kind) =>
      [OURS, THEIRS].map((name) => [
        name + kind,
        ['--expose-gc', script, name + kind, String(quantity), what],
      ]),
    ),
  );
const times = byTurns(runs(CAPTURES, 'time'), ROUNDS);
const allocations = byTurns(runs(SAMPLED_CAPTURES, 'allocation'), given.quick ? 1 : 3);
console.log(`Node ${process.version}; ${ROUNDS} rounds of ${CAPTURES} captures, 30 frames, warm caches`);
const results = {};
let lost = 0;
for (const [title, kind] of Object.entries(PAIRS)) {
  const rows = {};
  for (const name of [OURS, THEIRS]) {
    const { cpuUs, mainUs, syncUs, lost: lostOnes } = times[name + kind];
    const { bytes, lost: lostToo } = allocations[name + kind];
    lost += [...lostOnes, ...lostToo].reduce((sum, value) => sum + value, 0);
    rows[name] = {
      'CPU, µs': told(cpuUs, 0),
      'main thread, µs': told(mainUs, 0),
      'of it within the call, µs': told(syncUs, 0),
      'allocated, KiB': told(
        bytes.map((value) => value / 1024),
        0,
      ),
    };
  }
  const [ours, theirs] = [times[OURS + kind], times[THEIRS + kind]];
  const ratio = {
    cpu: ratios(ours.cpuUs, theirs.cpuUs),
    main: ratios(ours.mainUs, theirs.mainUs),
    bytes: ratios(allocations[OURS + kind].bytes, allocations[THEIRS + kind].bytes),
  };
  rows['theirs ÷ ours'] = {
    'CPU, µs': told(ratio.cpu, 1),
    'main thread, µs': told(ratio.main, 1),
    'allocated, KiB': told(ratio.bytes, 1),
  };
  results[title] = { ours, theirs, ratio };
  console.log(title);
  console.table(rows);
}
if (given.json) writeFileSync(given.json, JSON.stringify({ node: process.version, results, lost }));
if (lost > 0) {
  console.error(`${lost} events were lost`);
  process.exitCode = 1;
}
