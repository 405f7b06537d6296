// node bench/breadcrumbs/run.mjs [--quick] [--json file]: a million breadcrumbs in a hundred thousand scopes by this
// package beside @sentry/node, by turns, each in fresh processes; after npm run build.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPeers } from '../peers/install.mjs';
import { byTurns, ratios, told } from '../turns.mjs';

const { values: given } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});
const ROUNDS = given.quick ? 1 : 7;
const CRUMBS_A_SCOPE = 10;
const SCOPES = given.quick ? 50_000 : 100_000;
const THEIRS = 'sentry-node';
const CONTENDERS = ['nestjs-raven request', 'nestjs-raven scope', THEIRS];
const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
/** Sampling each of a million would take longer than all else. */
const SAMPLED_SCOPES = 2000;

installPeers();
const runs = (quantity, ...more) =>
  Object.fromEntries(CONTENDERS.map((name) => [name, [script, name, String(quantity), ...more]]));
const times = byTurns(runs(SCOPES), ROUNDS);
const allocations = byTurns(runs(SAMPLED_SCOPES, 'allocation'), given.quick ? 1 : 3);
const lost = [times, allocations]
  .flatMap((results) => Object.values(results))
  .flatMap(({ lost: values }) => values)
  .reduce((sum, value) => sum + value, 0);
const results = Object.fromEntries(
  CONTENDERS.map((name) => {
    const { cpuMs, ms } = times[name];
    const ratio = ratios(cpuMs, times[THEIRS].cpuMs);
    return [name, { cpuMs, ms, ratio, bytes: allocations[name].bytes }];
  }),
);
console.log(
  `Node ${process.version}; ${ROUNDS} rounds of ${SCOPES} scopes with ${CRUMBS_A_SCOPE} breadcrumbs each`,
);
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, { cpuMs, ms, ratio, bytes }]) => [
      name,
      {
        'CPU, ms': told(cpuMs, 0),
        'time, ms': told(ms, 0),
        'allocated a crumb, bytes': told(bytes, 0),
        'CPU of @sentry/node ÷ its own': told(ratio, 1),
      },
    ]),
  ),
);
if (given.json) writeFileSync(given.json, JSON.stringify({ node: process.version, results, lost }));
if (lost > 0) {
  console.error(`${lost} scopes had not the breadcrumbs that were recorded in them`);
  process.exitCode = 1;
}
