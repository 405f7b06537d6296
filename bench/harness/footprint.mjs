import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What an installed app holds.
 *
 * @returns `packages`: name and version of each package folder, nested ones too; `bytes` of all their files
 */
export function footprint(folder) {
  const packages = [];
  let bytes = 0;
  walk(join(folder, 'node_modules'), true);
  return { packages: packages.toSorted((a, b) => a.localeCompare(b)), bytes };

  function walk(at, holdsPackages) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isFile()) bytes += statSync(path).size;
      if (!entry.isDirectory() || entry.name === '.bin') continue;
      const isScope = holdsPackages && entry.name.startsWith('@');
      if (holdsPackages && !isScope) note(path);
      walk(path, isScope || entry.name === 'node_modules');
    }
  }

  function note(path) {
    const manifest = join(path, 'package.json');
    if (!existsSync(manifest)) return;
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    packages.push(`${name}@${version}`);
  }
}
