import { readFileSync, statSync } from 'node:fs';

const MAX_BYTES = 1024 * 1024;

/** The text of a file, at once; undefined where there is none, it is no file, or more than 1 MiB. Never throws. */
export function readSmallFile(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // Opening what is no file, such as a pipe, might wait for ever.
    if (!found?.isFile() || found.size > MAX_BYTES) return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
