import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { safeRead } from '../event/safe-read';

/** What stands in the root of a monorepo, beside a package.json with `workspaces`. */
const MARKS = ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json'];
const MAX_DEPTH = 10;

/**
 * The root of the monorepo that a project is part of, or undefined: what files of its other packages are named
 * from, since they lie outside of the project. Reads the disk, and never throws.
 */
export function workspaceRoot(project: string): string | undefined {
  let folder = project;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (MARKS.some((mark) => existsSync(join(folder, mark))) || hasWorkspaces(folder)) return folder;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

function hasWorkspaces(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return safeRead(manifest, 'workspaces') !== undefined;
  } catch {
    // There is none, or it is no JSON.
    return false;
  }
}
