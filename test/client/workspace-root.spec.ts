import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../lib/client/workspace-root';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with one file in it, and a project two rooms below. */
function project(name: string, file: string, text: string): { root: string; project: string } {
  const root = join(folder, name);
  const inside = join(root, 'apps/shop');
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(inside, 'package.json'), '{"name":"shop"}');
  writeFileSync(join(root, file), text);
  return { root, project: inside };
}

describe('the root of a monorepo', () => {
  it.each([
    ['npm and Yarn', 'package.json', '{"workspaces":["apps/*"]}'],
    ['pnpm', 'pnpm-workspace.yaml', ''],
    ['Nx', 'nx.json', '{}'],
    ['Turborepo', 'turbo.json', '{}'],
    ['Lerna', 'lerna.json', '{}'],
    ['Rush', 'rush.json', '{}'],
  ])('is known by what %s keep there', (name, file, text) => {
    const { root, project: inside } = project(name, file, text);
    expect([workspaceRoot(inside), workspaceRoot(root)]).toEqual([root, root]);
  });

  it.each([
    ['a package.json without workspaces', 'package.json', '{}'],
    ['a package.json that is no JSON', 'package.json', '{'],
    ['a repository', '.git', ''],
  ])('is not %s', (name, file, text) => {
    expect(workspaceRoot(project(name, file, text).project)).toBeUndefined();
  });

  it('is none where there is no such folder', () => {
    expect(workspaceRoot('/')).toBeUndefined();
    expect(workspaceRoot('')).toBeUndefined();
  });
});
