import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const GUIDES = join(__dirname, '../../docs/moving');
const FOLDER = join(__dirname, '.examples');

/** The guides, by their file's name. */
export const guides: readonly string[] = readdirSync(GUIDES);

/**
 * The code of a guide as it is after a step: each TypeScript block begins with its file's name, one that shows the
 * code before with `before:`. The numbered steps of a guide share a folder; each other section has its own.
 */
export function guideExamples(guide: string): Map<string, string> {
  const examples = new Map<string, string>();
  let folder = '';
  for (const [, heading, code] of readFileSync(join(GUIDES, guide), 'utf8').matchAll(
    /^## ([^\n]+)$|^```ts\n(.*?)^```/gms,
  )) {
    if (heading !== undefined) {
      folder = /^\d/.test(heading) ? 'steps' : heading.toLowerCase().replaceAll(/\W+/g, '-');
      continue;
    }
    const name = /^\/\/ ((?:before: )?\S+\.ts)\n/.exec(code)?.[1];
    if (name === undefined) throw new Error(`${guide}: an example without a file's name:\n${code}`);
    if (name.startsWith('before: ')) continue;
    examples.set(join(guide.replace('.md', ''), folder, name), code);
  }
  return examples;
}

/** Writes the examples of all guides where they can be compiled and imported. @returns their paths */
export function writeGuideExamples(): string[] {
  return guides.flatMap((guide) =>
    [...guideExamples(guide)].map(([name, code]) => {
      const path = join(FOLDER, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, code);
      return path;
    }),
  );
}

/** Imports one of the written examples: `from-nest-raven/change-the-imports/main.ts`. */
export function importGuideExample<T>(name: string): Promise<T> {
  return import(join(FOLDER, name)) as Promise<T>;
}

export function removeGuideExamples(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}
