import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** npm's resolver has been seen to go round for ever. */
const TIMEOUT_MS = 120_000;
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Runs npm in a folder, for two minutes at most.
 *
 * @returns its stdout
 */
export async function npm(cwd, ...args) {
  const { stdout } = await run('npm', [...args, ...QUIET], {
    cwd,
    timeout: TIMEOUT_MS,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

/**
 * Installs what a folder's package.json names. Where that fails it is tried once more without installing peers:
 * some peers refuse the Nest they run on.
 */
export async function install(cwd) {
  const args = ['install', '--no-package-lock', '--ignore-scripts'];
  try {
    await npm(cwd, ...args);
  } catch {
    await npm(cwd, ...args, '--legacy-peer-deps');
  }
}
