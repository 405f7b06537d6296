import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** How a script ended. */
export interface Run {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Scripts that require the package as it is built, in a folder of their own. */
export interface Scripts {
  /**
   * Runs a plain CommonJS script in which `raven` is the package and `DSN` the first argument. It is ended by
   * force after a while, which gives a signal.
   *
   * @param nodeFlags - for Node itself
   */
  run(source: string, dsn?: string, nodeFlags?: string[]): Promise<Run>;
  remove(): void;
}

/** For files that vitest.config.mts names as such that need the built package. */
export function packageScripts(): Scripts {
  const built = inject('builtPackage');
  if (built === undefined)
    throw new Error('name this file in PROCESSES of vitest.config.mts: it needs the build');
  const folder = mkdtempSync(join(built, 'scripts-'));
  let count = 0;
  return {
    run: (source, dsn = '', nodeFlags = []) => {
      const file = join(folder, `script-${++count}.cjs`);
      // One line before the source, so that its line numbers are the same with and without the package.
      writeFileSync(
        file,
        `const DSN = process.argv[2]; const raven = DSN && require('../dist');\n${source}\n`,
      );
      return runFile(file, dsn, nodeFlags);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runFile(file: string, dsn: string, nodeFlags: string[]): Promise<Run> {
  const { NODE_OPTIONS: _, SENTRY_DSN: __, ...env } = process.env;
  const child = spawn(process.execPath, [...nodeFlags, file, dsn], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 45_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
