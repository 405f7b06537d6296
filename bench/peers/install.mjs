import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Installs what this package is compared with, where it is not there yet. */
export function installPeers() {
  if (existsSync(`${folder}node_modules/@sentry/node`)) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
    stdio: 'inherit',
    timeout: 90_000,
  });
}
