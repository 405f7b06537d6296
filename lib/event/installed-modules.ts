import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

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
      const installed = await readJson(join(root, 'node_modules', name, 'package.json'));
      return typeof installed?.version === 'string' ? installed.version : undefined;
    }),
  );
  return Object.fromEntries(
    names
      .map((name, index) => [name, versions[index]] as const)
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
