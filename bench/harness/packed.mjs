import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { ROOT, WORK } from './paths.mjs';

/**
 * Packs this package as it would be published, built anew where its code is newer than its build.
 *
 * @returns the tarball's path, which differs when its content does
 */
export async function packed() {
  mkdirSync(WORK, { recursive: true });
  const flags = isBuilt() ? ['--ignore-scripts'] : [];
  const output = await npm(ROOT, 'pack', '--json', '--pack-destination', WORK, ...flags);
  const [{ filename }] = JSON.parse(output.slice(output.indexOf('[\n')));
  const at = join(WORK, filename);
  const hash = createHash('sha256').update(readFileSync(at)).digest('hex').slice(0, 12);
  const named = join(WORK, `nestjs-raven-${hash}.tgz`);
  for (const old of readdirSync(WORK)) if (old.endsWith('.tgz') && old !== filename) rmSync(join(WORK, old));
  renameSync(at, named);
  return named;
}

function isBuilt() {
  const entry = join(ROOT, 'dist/index.mjs');
  if (!existsSync(entry)) return false;
  const builtMs = statSync(entry).mtimeMs;
  const sources = readdirSync(join(ROOT, 'lib'), { recursive: true }).map((file) => join(ROOT, 'lib', file));
  return [...sources, join(ROOT, 'package.json')].every((file) => statSync(file).mtimeMs < builtMs);
}
