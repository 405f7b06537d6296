import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersAbove } from '../../deployment/folders-above';

/** The path of the nearest package.json, in a folder or above it, readable or not; undefined where there is none. */
export function nearestManifest(folder: string): string | undefined {
  return [...foldersAbove(folder)]
    .map((above) => join(above, 'package.json'))
    .find((path) => existsSync(path));
}
