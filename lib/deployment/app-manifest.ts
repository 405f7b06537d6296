import { join } from 'node:path';
import { safeString } from '../event/safe-read';
import { foldersAbove } from './folders-above';
import { readSmallFile } from '../event/read-small-file';

/** What generators write into a new project's package.json. */
const VERSIONS_THAT_SAY_NOTHING: ReadonlySet<string> = new Set(['0.0.0', '0.0.1']);

/** What an app's package.json says of it. */
export interface AppManifest {
  name: string;
  /** Undefined where there is none, or one that generators write and nobody counts: `0.0.0`, `0.0.1`. */
  version: string | undefined;
}

/**
 * The nearest package.json with a name, in a folder or above it; those without one only tell Node a module's type.
 * Reads at once. Never throws.
 */
export function appManifest(root: string): AppManifest | undefined {
  for (const folder of foldersAbove(root)) {
    const manifest = parsed(readSmallFile(join(folder, 'package.json')));
    const name = safeString(manifest, 'name')?.trim();
    if (!name) continue;
    const version = safeString(manifest, 'version')?.trim();
    return { name, version: !version || VERSIONS_THAT_SAY_NOTHING.has(version) ? undefined : version };
  }
  return undefined;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
