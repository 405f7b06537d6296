import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CURVES = ['breadcrumbs', 'stack-depth', 'body-size', 'concurrency', 'routes', 'clients'];

/**
 * What bench/run.mjs and bench/growth/run.mjs have left in a folder.
 *
 * @returns `latest`, undefined where there is none; `curves`, those that were measured
 */
export function readResults(folder) {
  const read = (name) => {
    const path = join(folder, `${name}.json`);
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  };
  return {
    latest: read('latest'),
    curves: CURVES.map((name) => read(`growth-${name}`)).filter(Boolean),
  };
}
