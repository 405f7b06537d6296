import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** More than any app has; of the rest nothing is said. */
const MOST_FILES = 20_000;

/**
 * The files in a folder and those below it, relative to it, sorted. Links are not followed, folders whose names begin
 * with a dot are left out. Never throws: what cannot be read is not there.
 *
 * @param except - names of folders to leave out
 */
export function filesBelow(folder: string, except: ReadonlySet<string>): string[] {
  const files: string[] = [];
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined && files.length < MOST_FILES; path = waiting.pop()) {
    for (const entry of entriesOf(join(folder, path))) {
      const below = join(path, entry.name);
      if (entry.isFile()) files.push(below);
      else if (entry.isDirectory() && !entry.name.startsWith('.') && !except.has(entry.name))
        waiting.push(below);
    }
  }
  return files.sort();
}

function entriesOf(folder: string): import('node:fs').Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
