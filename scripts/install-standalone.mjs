import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packs the package as it is built, installs it into the project of a folder with all that this needs, and builds that. */
export function installStandalone(folder) {
  const npm = (...args) =>
    execFileSync('npm', [...args, '--loglevel=error'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const [{ filename }] = JSON.parse(npm('pack', ROOT, '--json', '--ignore-scripts'));
  // The project's package.json calls it so, whatever its version is.
  renameSync(join(folder, filename), join(folder, 'nestjs-raven.tgz'));
  npm('install', './nestjs-raven.tgz', '--no-package-lock', '--no-audit', '--no-fund');
  npm('run', 'build');
}
