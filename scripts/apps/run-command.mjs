import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const TIMEOUT_MS = 300_000;

/** Runs a program to its end. @returns what it wrote. @throws with all that it wrote, where it fails */
export async function runCommand(cwd, program, ...args) {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      timeout: TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', killed } = error;
    const why = killed ? `did not end within ${TIMEOUT_MS} ms` : 'failed';
    throw new Error(`${basename(program)} ${args.join(' ')} ${why}:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Runs npm. @returns what it wrote */
export function npm(cwd, ...args) {
  return runCommand(cwd, 'npm', ...args, '--loglevel=error', '--no-audit', '--no-fund');
}
