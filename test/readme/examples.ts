import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDER = join(__dirname, '.examples');

/** The README's code, as files: each TypeScript block begins with its file's name. */
export function readmeExamples(): Map<string, string> {
  const examples = new Map<string, string>();
  for (const [, code] of readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
    if (name === undefined) throw new Error(`an example without a file's name:\n${code}`);
    examples.set(name, code);
  }
  return examples;
}

/** Writes the examples where they can be compiled and imported. @returns their paths */
export function writeExamples(): string[] {
  mkdirSync(FOLDER, { recursive: true });
  return [...readmeExamples()].map(([name, code]) => {
    const path = join(FOLDER, name);
    writeFileSync(path, code);
    return path;
  });
}

/** Imports one of the written examples. */
export function importExample<T>(name: string): Promise<T> {
  return import(join(FOLDER, name)) as Promise<T>;
}

export function removeExamples(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}
