import { Agent, get } from 'node:http';

/** What is asked of an app, at a steady rate whatever it answers. */
export interface SteadyLoadOptions {
  perSecond: number;
  durationMs: number;
  /** One of so many requests fails. */
  failsOneOf: number;
}

/**
 * Asks several apps, one after another in turns, and measures each answer from when its request was due: an app that
 * is stuck is late for all that was due meanwhile.
 *
 * @param options - the rate is that of each app
 * @returns milliseconds of all requests of each app
 */
export async function steadyLoad(urls: readonly string[], options: SteadyLoadOptions): Promise<number[][]> {
  const { perSecond, durationMs, failsOneOf } = options;
  const agent = new Agent({ keepAlive: true });
  const total = Math.round((perSecond * durationMs) / 1000) * urls.length;
  const everyMs = 1000 / perSecond / urls.length;
  const answers: Promise<number>[] = [];
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    const ticks = setInterval(() => {
      while (answers.length < total) {
        const dueMs = startMs + answers.length * everyMs;
        if (dueMs > performance.now()) return;
        const turn = Math.floor(answers.length / urls.length);
        const path = turn % failsOneOf === 0 ? 'fail' : 'orders';
        const url = `${urls[answers.length % urls.length]}/${path}/${turn}`;
        answers.push(answered(url, agent).then((atMs) => atMs - dueMs));
      }
      clearInterval(ticks);
      resolve();
    }, 1);
  });
  const latencies = await Promise.all(answers);
  agent.destroy();
  return urls.map((_, app) => latencies.filter((_, index) => index % urls.length === app));
}

function answered(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(performance.now()));
    }).once('error', reject);
  });
}

/** @param values - in any order, not empty */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
