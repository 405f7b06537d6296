import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** How a script ended. */
export interface Run {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  tookMs: number;
}

/** The package as it is built, in a folder of its own, and scripts that require it. */
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

/** Builds the package as it is published. */
export function buildPackage(): Scripts {
  const folder = mkdtempSync(join(tmpdir(), 'raven-process-'));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [
      compiler,
      '-p',
      join(ROOT, 'tsconfig.build.json'),
      '--outDir',
      join(folder, 'dist'),
      '--declaration',
      'false',
    ]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'scripts'));
  let count = 0;
  return {
    run: (source, dsn = '', nodeFlags = []) => {
      const file = join(folder, 'scripts', `script-${++count}.cjs`);
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
  const startMs = performance.now();
  const { NODE_OPTIONS: _, SENTRY_DSN: __, ...env } = process.env;
  const child = spawn(process.execPath, [...nodeFlags, file, dsn], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr, tookMs: performance.now() - startMs }),
    );
  });
}
