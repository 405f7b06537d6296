import { posix } from 'node:path';
import type { DirEntry, Tree } from '@angular-devkit/schematics';
import { ByHand } from './by-hand';
import type { TypeScript } from './load-typescript';
import { SourceCode } from './source-code';

const NOT_SOURCES = new Set(['node_modules', 'dist', 'coverage', '.git']);
const SOURCE = /(?<!\.d)\.[cm]?[jt]s$/;
const TEST = /[.-](spec|test)\.[cm]?[jt]s$/;
/** As imports of ESM spell it. */
const EXTENSION = /\.[cm]?[jt]s$/;
/** Those of TypeScript first: what is compiled may lie beside its source. */
const ENDS = ['.ts', '.mts', '.cts', '/index.ts', '.js', '.mjs', '.cjs', '/index.js'];

/** The files of an app as code; paths are those from its folder. */
export class AppFiles {
  constructor(
    private readonly ts: TypeScript,
    private readonly tree: Tree,
  ) {}

  /** @returns undefined where there is no such file, or it is no UTF-8 */
  read(path: string): SourceCode | undefined {
    const content = path.startsWith('../') ? null : this.tree.read(path);
    if (content === null) return undefined;
    try {
      // The mark that Windows puts at the beginning of a file is kept.
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
      return new SourceCode(this.ts, path, text);
    } catch {
      return undefined;
    }
  }

  /** The file of the app that another one means by `from`, in the spelling of CommonJS, of ESM, or by `baseUrl`. */
  readImported(importer: string, from: string): SourceCode | undefined {
    const path = from.startsWith('.') ? posix.join(posix.dirname(importer), from) : from;
    for (const base of [path, path.replace(EXTENSION, '')]) {
      for (const end of ENDS) {
        const found = this.read(base + end);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** The sources below a folder that have a word in their text, tests left out. */
  containing(folder: string, word: string): SourceCode[] {
    return sourcesBelow(this.tree.getDir(folder))
      .filter((path) => this.tree.read(path)?.includes(word))
      .flatMap((path) => this.read(path.slice(1)) ?? []);
  }

  /**
   * Changes a file; nothing is written where nothing changes.
   *
   * @returns whether something did
   * @throws ByHand where `change` does, and where the file has errors of syntax or would have some
   */
  edit(before: SourceCode, change: (code: SourceCode) => SourceCode): boolean {
    try {
      const after = change(before);
      if (after.text === before.text) return false;
      if (before.isBroken) throw new ByHand('it has errors of syntax');
      if (after.isBroken) throw new ByHand('it is written in a way that is not known here');
      this.tree.overwrite(before.path, after.text);
      return true;
    } catch (error) {
      if (error instanceof ByHand) error.path = before.path;
      throw error;
    }
  }
}

function sourcesBelow(folder: DirEntry): string[] {
  const files = folder.subfiles.filter((name) => SOURCE.test(name) && !TEST.test(name));
  const folders = folder.subdirs.filter((name) => !NOT_SOURCES.has(name));
  return [
    ...files.map((name) => posix.join(folder.path, name)),
    ...folders.flatMap((name) => sourcesBelow(folder.dir(name))),
  ];
}
