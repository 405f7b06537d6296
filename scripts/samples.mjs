import { fileURLToPath } from 'node:url';
import { startNode } from './background-process.mjs';

/** Starts a built sample on a port. @returns its `url` and `stop()` */
export async function startSample(name, port, dsn) {
  const url = `http://localhost:${port}`;
  const main = fileURLToPath(new URL(`../sample/${name}/dist/main.js`, import.meta.url));
  const app = await startNode([main], {
    env: { PORT: String(port), SENTRY_DSN: dsn },
    readyUrl: url,
    name: `the sample ${name}`,
  });
  return { ...app, url };
}
