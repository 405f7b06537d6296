import { join, resolve } from 'node:path';
import { foldersAbove } from './folders-above';
import { readSmallFile } from '../event/read-small-file';

const COMMIT = /^(?:[\da-f]{40}|[\da-f]{64})$/;
const REF = /^ref: (refs\/[^\s\\]+)$/;
const MAX_SYMBOLIC_REFS = 5;

/**
 * The commit that is checked out in a folder or above it: read from Git's files at once, without a child process.
 * Knows worktrees and packed refs. Undefined where there is none, or it is kept in another way. Never throws.
 */
export function gitCommit(root: string): string | undefined {
  for (const folder of foldersAbove(root)) {
    const head = headIn(join(folder, '.git'), folder);
    if (head) return commitOf(head.text, head.directory);
  }
  return undefined;
}

function headIn(git: string, folder: string): { text: string; directory: string } | undefined {
  // Of a worktree and a submodule it is a file that tells where the folder is.
  const elsewhere = /^gitdir: (.+)$/m.exec(readSmallFile(git) ?? '')?.[1].trim();
  const directory = elsewhere === undefined ? git : resolve(folder, elsewhere);
  const text = readSmallFile(join(directory, 'HEAD'));
  return text === undefined ? undefined : { text, directory };
}

function commitOf(head: string, directory: string): string | undefined {
  let text = head.trim();
  for (let count = 0; count < MAX_SYMBOLIC_REFS && !COMMIT.test(text); count++) {
    const ref = REF.exec(text)?.[1];
    if (ref === undefined || ref.split('/').includes('..')) return undefined;
    const found = refIn(directory, ref);
    if (found === undefined) return undefined;
    text = found.trim();
  }
  return COMMIT.test(text) ? text : undefined;
}

/** A worktree has refs of its own, and shares the others. */
function refIn(directory: string, ref: string): string | undefined {
  const own = readSmallFile(join(directory, ref));
  if (own !== undefined) return own;
  const elsewhere = readSmallFile(join(directory, 'commondir'))?.trim();
  const common = elsewhere ? resolve(directory, elsewhere) : directory;
  return (elsewhere && readSmallFile(join(common, ref))) || packedRef(common, ref);
}

function packedRef(directory: string, ref: string): string | undefined {
  const packed = readSmallFile(join(directory, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.trimEnd().endsWith(` ${ref}`));
  return line?.split(' ')[0];
}
