import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the package as it is built, in `dist`. */
    builtPackage?: string;
  }
}

const ROOT = join(__dirname, '../../..');

/** Builds the package as it is published, once for all files of a run that start processes with it. */
export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'raven-built-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const config = join(ROOT, 'tsconfig.build.json');
  // Types are checked by `npm run types`.
  const options = ['--outDir', join(folder, 'dist'), '--declaration', 'false', '--noCheck'];
  try {
    execFileSync(process.execPath, [compiler, '-p', config, ...options], { stdio: 'inherit' });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  } catch (error) {
    remove();
    throw error;
  }
  provide('builtPackage', folder);
  return remove;
}
