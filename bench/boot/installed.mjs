// The folders in which apps are started: one with bare Nest, one with the package added as it would be published.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Outside of this project: Nest loads what it finds in the folders above, too. */
const WORK = join(tmpdir(), 'nestjs-raven-bench-boot');
const INSTALL = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
/** npm has been seen to resolve for ever. */
const TIMEOUT_MS = 90_000;

/**
 * Installs both, the bare one only where it is not there yet.
 *
 * @returns their paths
 */
export function installed() {
  const bare = join(WORK, 'bare');
  if (!existsSync(join(bare, 'node_modules/.package-lock.json'))) {
    rmSync(bare, { recursive: true, force: true });
    mkdirSync(bare, { recursive: true });
    cpSync(here('./package.json'), join(bare, 'package.json'));
    npm(bare, ...INSTALL);
  }
  const raven = join(WORK, 'nestjs-raven');
  rmSync(raven, { recursive: true, force: true });
  cpSync(bare, raven, { recursive: true, verbatimSymlinks: true });
  npm(raven, ...INSTALL, join(WORK, pack()));
  for (const folder of [bare, raven]) {
    cpSync(here('./app.mjs'), join(folder, 'app.mjs'));
    cpSync(here('./breakdown.mjs'), join(folder, 'breakdown.mjs'));
  }
  return { bare, 'nestjs-raven': raven };
}

/** @returns the file's name in the folder */
function pack() {
  const output = npm(here('../..'), 'pack', '--json', '--ignore-scripts', '--pack-destination', WORK);
  const [{ filename }] = JSON.parse(output);
  return filename;
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
