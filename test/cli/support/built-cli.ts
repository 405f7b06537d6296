import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

const ROOT = join(__dirname, '../../..');

/** How a command ended. */
export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Where and with what a command is run. */
export interface CliOptions {
  /** Default an empty folder. */
  folder?: string;
  /** Variables; beside these there is only what finds Node. */
  env?: Record<string, string>;
}

/** The command line as it is installed. */
export interface BuiltCli {
  /** The package's folder. */
  folder: string;
  run(args: readonly string[], options?: CliOptions): Promise<CliRun>;
  remove(): void;
}

/**
 * Installs the package as it is built into a folder of its own; for files that vitest.config.mts names so.
 *
 * @param packages - what is installed beside it; default all that this repository has
 */
export function builtCli(packages?: readonly string[]): BuiltCli {
  const built = inject('builtPackage');
  if (built === undefined) {
    throw new Error('name this file in PROCESSES of vitest.config.mts: it needs the build');
  }
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'raven-cli-')));
  const folder = join(top, 'nestjs-raven');
  const empty = join(top, 'empty');
  mkdirSync(folder);
  mkdirSync(empty);
  cpSync(join(built, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'docs', 'cli.md'), join(folder, 'docs', 'cli.md'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  const [theirs, own] = [join(ROOT, 'node_modules'), join(folder, 'node_modules')];
  if (packages) mkdirSync(own);
  else symlinkSync(theirs, own);
  for (const name of packages ?? []) symlinkSync(realpathSync(join(theirs, name)), join(own, name));
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  const program = join(folder, bin['nestjs-raven']);
  return {
    folder,
    run: (args, options = {}) => runProgram([program, ...args], { folder: empty, ...options }),
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}

function runProgram(args: string[], { folder, env = {} }: CliOptions): Promise<CliRun> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
