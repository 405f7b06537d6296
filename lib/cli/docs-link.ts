import { join, relative } from 'node:path';
import { PACKAGE_FOLDER } from './package-folder';

/**
 * Where the package's pages tell more, as a path that a terminal opens: `node_modules/nestjs-raven/docs/cli.md#dsn`.
 *
 * @param folder - what the path is relative to, where it is below
 */
export function docsLink(folder: string, anchor: string): string {
  const page = join(PACKAGE_FOLDER, 'docs', 'cli.md');
  const below = relative(folder, page);
  return `${below.startsWith('..') ? page : below}#${anchor}`;
}
