import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_FOLDER } from './own-folder';

/** A file that the package is published with, by its path in `OWN_FOLDER`; undefined where it is not there, as in a bundle. */
export function ownFile(path: string): string | undefined {
  if (OWN_FOLDER === undefined) return undefined;
  const file = join(OWN_FOLDER, path);
  return existsSync(file) ? file : undefined;
}
