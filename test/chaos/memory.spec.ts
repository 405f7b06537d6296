import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { FloodSample } from './app/flood';
import { AppProcess } from './support/app-process';
import { ServerProcess } from './support/server-process';
import { median, percentile } from './support/steady-load';

const MIB = 2 ** 20;
const SECONDS = 60;
const PER_SECOND = 500;
/** Until the queue is full and the code is compiled. */
const WARM_UP_SECONDS = 15;
const MAX_QUEUE_BYTES = 4 * MIB;

let servers: ServerProcess;
beforeAll(() => {
  servers = new ServerProcess(inject('chaosFolder'));
});
afterAll(() => servers.end());

it('keeps its memory flat over 60 s at 500 errors/s against a dead server, and the event loop free', async () => {
  const server = await servers.open();
  await server.play([{ behaviour: { kind: 'vanish' }, durationMs: 0 }]);
  const options = {
    dsn: server.dsn,
    maxQueueBytes: MAX_QUEUE_BYTES,
    maxQueueLength: 100_000,
    stormGuard: false,
  };
  const config = { options, perSecond: PER_SECOND, seconds: SECONDS };
  const { code, output } = await new AppProcess(inject('chaosFolder'), 'flood', config, 120_000).ended;
  await server.close();
  const samples = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as FloodSample);
  expect({ code, count: samples.length }).toEqual({ code: 0, count: SECONDS });
  expect(samples.at(-1)?.captured).toBeGreaterThanOrEqual(PER_SECOND * SECONDS * 0.99);

  const steady = samples.slice(WARM_UP_SECONDS);
  const third = steady.length / 3;
  const middle = (part: FloodSample[], name: keyof FloodSample): number =>
    median(part.map((one) => one[name]));
  const growth = (name: keyof FloodSample): number =>
    middle(steady.slice(-third), name) - middle(steady.slice(0, third), name);
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(2)} MiB`;
  // What else the machine does makes some seconds worse and none better.
  const lateMs = percentile(
    steady.map((one) => one.lateMs),
    0.25,
  );
  process.stdout.write(
    `after ${WARM_UP_SECONDS} s ${mib(middle(steady, 'ownBytes'))} of its own, ${mib(middle(steady, 'rssBytes'))} resident; ` +
      `growth from the first third to the last ${mib(growth('ownBytes'))}, ${mib(growth('rssBytes'))}; ` +
      `${(middle(steady, 'cpuShare') * 100).toFixed(0)}% of a core; in the quieter seconds 99% of turns at most ${lateMs.toFixed(1)} ms late\n`,
  );
  expect(growth('ownBytes')).toBeLessThan(1 * MIB);
  expect(growth('rssBytes')).toBeLessThan(8 * MIB);
  expect(lateMs).toBeLessThan(100);
  expect(middle(steady, 'cpuShare')).toBeLessThan(0.75);
}, 150_000);
