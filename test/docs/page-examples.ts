import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** The TypeScript of a page, as files: each block begins with its file's name. */
export class PageExamples {
  private readonly folder: string;
  private readonly paths: string[];

  /**
   * Writes them where they find the package by its name.
   *
   * @param page - path from the project's root
   * @param purpose - sets apart the folders of tests that run at the same time
   */
  constructor(page: string, purpose = 'run') {
    this.folder = join(__dirname, '.examples', purpose, basename(page, '.md'));
    mkdirSync(this.folder, { recursive: true });
    const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)];
    this.paths = blocks.map(([, code]) => {
      const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
      if (name === undefined) throw new Error(`${page} has an example without a file's name:\n${code}`);
      const path = join(this.folder, name);
      writeFileSync(path, code);
      return path;
    });
  }

  /** What the compiler has to say of the examples of several pages: one program, as each takes it long. */
  static faults(...pages: PageExamples[]): string[] {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const paths = pages.flatMap((page) => page.paths);
    const program = ts.createProgram(paths, { ...options, noEmit: true });
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  }

  import<T>(name: string): Promise<T> {
    return import(join(this.folder, name)) as Promise<T>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
