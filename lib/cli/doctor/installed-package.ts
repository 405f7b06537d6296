import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { foldersAbove } from '../../deployment/folders-above';
import { readManifest, type Manifest } from './manifest';

/** A package as it is installed. */
export interface InstalledPackage {
  /** Absolute, without links. */
  folder: string;
  manifest: Manifest;
}

/**
 * The package that code in a folder loads by a name: the nearest in a `node_modules` above it, as Node looks for it.
 * Undefined where there is none. Never throws.
 */
export function installedPackage(name: string, from: string): InstalledPackage | undefined {
  for (const above of foldersAbove(from)) {
    const folder = join(above, 'node_modules', name);
    const manifest = readManifest(folder);
    if (!manifest) continue;
    try {
      return { folder: realpathSync(folder), manifest };
    } catch {
      return undefined;
    }
  }
  return undefined;
}
