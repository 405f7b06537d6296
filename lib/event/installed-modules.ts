import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MAX_PACKAGES = 100;

/**
 * The versions of the packages an app depends on, as they are installed.
 *
 * @param root - where the app's package.json is
 * @returns package name to version; empty where there is nothing to read. Never rejects
 */
export async function loadModules(root: string): Promise<Record<string, string>> {
  const app = await readJson(join(root, 'package.json'));
  const dependencies = app?.dependencies;
  if (typeof dependencies !== 'object' || dependencies === null) return {};
  const names = Object.keys(dependencies).slice(0, MAX_PACKAGES).sort();
  const versions = await Promise.all(
    names.map(async (name) => {
      const installed = await readInstalled(root, name);
      return typeof installed?.version === 'string' ? installed.version : undefined;
    }),
  );
  return Object.fromEntries(
    names
      .map((name, index) => [name, versions[index]] as const)
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Where Node would find it: in the root's `node_modules`, or in that of a folder above, as workspaces have it. */
async function readInstalled(root: string, name: string): Promise<Record<string, unknown> | undefined> {
  for (let folder = root, below = ''; folder !== below; folder = dirname(folder)) {
    const found = await readJson(join(folder, 'node_modules', name, 'package.json'));
    if (found) return found;
    below = folder;
  }
  return undefined;
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
