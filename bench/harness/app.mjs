import { join } from 'node:path';
import { startChild } from './child.mjs';
import { CORES } from './cores.mjs';

const START_TIMEOUT_MS = 20_000;

/**
 * Starts the app of a subject in a fresh process.
 *
 * @param target - `subject`, `folder` (see prepare.mjs), `platform`
 * @param options - `dsn`; `everyEvent`: what a subject would hold back of a storm is to be sent as well
 * @returns the child, with `url`, `bootMs` from its start until it listens, and `insideMs` of it as the process sees it
 */
export async function startApp({ subject, folder, platform }, { dsn, everyEvent }) {
  const preload = subject.preload ? ['--import', `./${subject.preload}`] : [];
  const startMs = performance.now();
  let child;
  let timer;
  const said = new Promise((resolve, reject) => {
    child = startChild(join(folder, 'app/main.mjs'), {
      cores: CORES?.app,
      flags: preload,
      cwd: folder,
      env: {
        NODE_ENV: 'production',
        BENCH_DSN: dsn,
        BENCH_PLATFORM: platform,
        ...(everyEvent && { BENCH_EVERY_EVENT: '1' }),
      },
      onMessage: resolve,
    });
    timer = setTimeout(() => reject(new Error(`${subject.name} does not listen`)), START_TIMEOUT_MS);
  });
  try {
    const { listening, insideMs } = await Promise.race([said, child.ended]);
    const bootMs = performance.now() - startMs;
    return { ...child, url: `http://127.0.0.1:${listening}`, bootMs, insideMs };
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
