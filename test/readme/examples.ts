import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const README = 'README.md';

/** Each page's examples have a folder of their own. */
const folderOf = (page: string): string => join(__dirname, '.examples', page.replaceAll(/\W/g, '-'));

/** The code of a page, as files: each TypeScript block begins with its file's name. */
export function readmeExamples(page = README): Map<string, string> {
  const examples = new Map<string, string>();
  for (const [, code] of readFileSync(join(ROOT, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
    if (name === undefined) throw new Error(`an example without a file's name:\n${code}`);
    examples.set(name, code);
  }
  return examples;
}

/** Writes the examples where they can be compiled and imported. @returns their paths */
export function writeExamples(page = README): string[] {
  const folder = folderOf(page);
  mkdirSync(folder, { recursive: true });
  return [...readmeExamples(page)].map(([name, code]) => {
    const path = join(folder, name);
    // Tests start the app themselves.
    writeFileSync(path, code.replace(/\nvoid bootstrap\(\);\n$/, '\n'));
    return path;
  });
}

/** What the compiler has against written examples. */
export function faultsOf(paths: string[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(paths, { ...options, noEmit: true });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

/** Imports one of the written examples. */
export function importExample<T>(name: string, page = README): Promise<T> {
  return import(join(folderOf(page), name)) as Promise<T>;
}

export function removeExamples(page = README): void {
  rmSync(folderOf(page), { recursive: true, force: true });
}
