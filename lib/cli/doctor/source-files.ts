import { join } from 'node:path';
import { filesBelow } from './files-below';

const SOURCE = /\.[mc]?[jt]sx?$/;
/** What only tests and types have to do with. */
const NOT_OF_THE_APP = /(?:\.d\.[mc]?ts|[.-](?:spec|test|e2e-spec)\.[mc]?[jt]sx?)$/;
const NOT_SOURCES: ReadonlySet<string> = new Set(['node_modules', 'dist', '__tests__', '__mocks__']);

/** The files of an app's own code, absolute, in a stable order. */
export function sourceFiles(folders: readonly string[]): string[] {
  const paths = folders.flatMap((folder) =>
    filesBelow(folder, NOT_SOURCES)
      .filter((path) => SOURCE.test(path) && !NOT_OF_THE_APP.test(path))
      .map((path) => join(folder, path)),
  );
  return [...new Set(paths)];
}
