import { dirname } from 'node:path';

const MAX_FOLDERS = 20;

/** A folder and those it is in, the nearest first. */
export function* foldersAbove(folder: string): Iterable<string> {
  let current = folder;
  for (let count = 0; count < MAX_FOLDERS; count++) {
    yield current;
    const above = dirname(current);
    if (above === current) return;
    current = above;
  }
}
