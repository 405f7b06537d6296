import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Behaviour } from './server/behaviour';
import { AppProcess } from './support/app-process';
import { ServerProcess } from './support/server-process';
import { percentile, steadyLoad } from './support/steady-load';

const ROUNDS = 30;
const LOAD = { perSecond: 100, durationMs: 2000, failsOneOf: 5 };
/** Until the code is compiled, and the queue of who cannot deliver is full. */
const WARM_UP = { perSecond: 350, durationMs: 4000, failsOneOf: 1 };
const SERVERS: Record<string, Behaviour> = {
  healthy: { kind: 'healthy' },
  dead: { kind: 'vanish' },
  hanging: { kind: 'hang', finally: 'leave' },
};

let servers: ServerProcess;
beforeAll(() => {
  servers = new ServerProcess(inject('chaosFolder'));
});
afterAll(() => servers.end());

async function startApp(behaviour: Behaviour): Promise<{ url: string; end(): Promise<unknown> }> {
  const server = await servers.open();
  await server.play([{ behaviour, durationMs: 0 }]);
  const options = { dsn: server.dsn, shutdownTimeoutMs: 0 };
  const app = new AppProcess(inject('chaosFolder'), 'steady', options, 300_000);
  const url = /http\S+/.exec(await app.ready)?.[0];
  if (url === undefined) throw new Error('the app did not say where it is');
  const end = async (): Promise<void> => {
    app.go();
    await app.ended;
    await server.close();
  };
  return { url, end };
}

it('answers its own users as fast with the server dead or hanging: p99 within 10% of healthy', async () => {
  const names = Object.keys(SERVERS);
  const apps = await Promise.all(names.map((name) => startApp(SERVERS[name])));
  for (const { url } of apps) await steadyLoad([url], WARM_UP);
  const p99s: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    // All at the same time, so that what else the machine does hits all alike.
    const latencies = await steadyLoad(
      apps.map(({ url }) => url),
      LOAD,
    );
    names.forEach((name, index) => p99s[name].push(percentile(latencies[index], 0.99)));
  }
  await Promise.all(apps.map(({ end }) => end()));
  for (const name of names) {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => percentile(p99s[name], share).toFixed(2));
    process.stdout.write(`${name}: p99 ${low}, ${middle}, ${high} ms at the quartiles of ${ROUNDS} rounds\n`);
  }
  for (const name of names.slice(1)) {
    expect(percentile(p99s[name], 0.25) / percentile(p99s.healthy, 0.25), name).toBeLessThanOrEqual(1.1);
  }
}, 200_000);
