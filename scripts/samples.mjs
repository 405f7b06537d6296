// How samples are built and started. What is special to one is in its file in scripts/samples/: the steps that show
// something, and where it is more than one program by itself, `portCount` and `programs`.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startNode } from './background-process.mjs';
import { installStandalone } from './install-standalone.mjs';
import { startRedis } from './redis.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DESCRIPTIONS = new URL('samples/', import.meta.url);
const NEST = fileURLToPath(new URL('../node_modules/@nestjs/cli/bin/nest.js', import.meta.url));
/** What Nest logs of a microservice that listens. */
const LISTENS = 'Nest microservice successfully started';

export const sampleNames = readdirSync(DESCRIPTIONS).map((file) => file.replace('.mjs', ''));

/** What is known of a sample: the default export of its file, completed. */
export async function readSample(name) {
  if (!sampleNames.includes(name)) {
    throw new Error(`There is no sample "${name}"; expected one of ${sampleNames.join(', ')}`);
  }
  const { default: described } = await import(new URL(`${name}.mjs`, DESCRIPTIONS).href);
  return {
    name,
    portCount: 1,
    programs: ([port]) => [{ main: 'main.js', env: { PORT: port } }],
    ...described,
  };
}

/** As many free ports as a sample's programs listen on. */
export async function freePorts({ portCount }) {
  const ports = [];
  while (ports.length < portCount) ports.push(await freePort());
  return ports;
}

/**
 * Builds a sample and starts its programs, one after another. The package itself is built before.
 *
 * @returns what is known of it; `ports` and `dsn`; `ended`, a promise of the first program that ends; `stop()`, which
 *   ends them from the last to the first
 */
export async function startSample(name, ports, dsn) {
  const sample = await readSample(name);
  const folder = join(ROOT, 'sample', name);
  if (sample.isStandalone) installStandalone(folder);
  else execFileSync(process.execPath, [NEST, 'build', name], { cwd: ROOT, stdio: 'inherit' });

  const redis = sample.needsRedis ? await startRedis() : undefined;
  const running = [];
  const stop = async () => {
    for (const program of running.toReversed()) await program.stop();
    await redis?.stop();
  };
  try {
    for (const { main, env } of sample.programs(ports)) {
      const listens = env.PORT ? { readyUrl: `http://localhost:${env.PORT}` } : { readyLine: LISTENS };
      const program = await startNode([join(folder, 'dist', main)], {
        // A project's app runs where its package.json is.
        cwd: sample.isStandalone ? folder : ROOT,
        env: { SENTRY_DSN: dsn, ...(redis && { REDIS_URL: redis.url }), ...env },
        name: `${main} of the sample ${name}`,
        ...listens,
      });
      running.push(program);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const ended = Promise.race(running.map((program) => program.ended));
  return { ...sample, ports, dsn, ended, stop };
}
