import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';

const MAX_FILES = 20;
const CODE = /\.[cm]?[jt]sx?$/i;
const PACKAGE = /^(.*)[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/**
 * The files of packages, loaded as CommonJS by this process, that may be made of a source: those of its name.
 *
 * @param source - a full path
 */
export function loadedPackageFiles(source: string): string[] {
  const name = basename(source).replace(CODE, '');
  // Whatever an app's bundler has made of `require`, this is Node's.
  return Object.keys(createRequire(source).cache)
    .filter((file) => basename(file).replace(CODE, '') === name && PACKAGE.test(file))
    .slice(0, MAX_FILES);
}

/**
 * What a source of a package is called, where the package's map names it by a path that is none.
 *
 * @param file - of the package
 * @param source - as the map has it
 */
export function sourceInPackage(file: string, source: string): string {
  const [folder, above] = PACKAGE.exec(file) ?? ['', ''];
  const path = relative(above, source);
  return join(folder, path.startsWith('..') ? basename(source) : path);
}
