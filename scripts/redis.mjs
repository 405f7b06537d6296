import { freePort, startProgram } from './background-process.mjs';

/** The Redis that REDIS_URL names, else one of its own, which keeps nothing. @returns its `url` and `stop()` */
export async function startRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: async () => {} };
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const server = await startProgram(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { readyUrl: url, name: 'redis-server (is it installed? REDIS_URL names another)' },
  );
  return { ...server, url };
}
