import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the programs that the receivers need; empty where they cannot be had. */
    receiverPrograms: string;
  }
}

const REQUIREMENTS = join(__dirname, '../requirements.txt');
const INSTALL_WITHIN_MS = 300_000;

/** Installs the receivers into a virtual environment of their own, once; says so where that cannot be done. */
export default function setup({ provide }: TestProject): void {
  let programs = '';
  try {
    programs = installed();
  } catch (error) {
    process.stdout.write(`Tests against real receivers are skipped: ${(error as Error).message}\n`);
  }
  provide('receiverPrograms', programs);
}

/** @throws Error that says what is missing */
function installed(): string {
  const python = process.env.PYTHON ?? 'python3';
  const version = run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor < 10) throw new Error(`${python} is Python ${version}; they need 3.10 or later`);

  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'nestjs-raven', `receivers-${version}-${digest}`);
  const programs = join(folder, 'bin');
  // Written last: an installation that was broken off is made anew.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return programs;

  mkdirSync(folder, { recursive: true });
  run(python, ['-m', 'venv', '--clear', folder]);
  const patience = ['--retries', '1', '--timeout', '30', '--disable-pip-version-check'];
  run(join(programs, 'pip'), ['install', '--quiet', ...patience, '--requirement', REQUIREMENTS]);
  writeFileSync(complete, '');
  return programs;
}

function run(program: string, args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: INSTALL_WITHIN_MS,
  });
  if (error) throw new Error(`${program} cannot be run (${error.message})`);
  if (status !== 0) {
    const reason = `${stdout}\n${stderr}`.trim().split('\n').at(-1);
    throw new Error(`"${program} ${args.slice(0, 2).join(' ')} …" failed: ${reason}`);
  }
  return stdout.trim();
}
