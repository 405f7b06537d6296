import { installedPackage, type InstalledPackage } from './installed-package';
import type { Manifest } from './manifest';

/** More packages than any app has; where links lead in circles the walk ends all the same. */
const MOST_PACKAGES = 20_000;

/**
 * The different copies of some packages that an app and what it depends on load, by name: it goes from package to
 * package as Node would, so that what merely lies in a workspace or a store is not counted.
 */
export function installedCopies(
  app: { folder: string; manifest: Manifest | undefined },
  names: readonly string[],
): Map<string, InstalledPackage[]> {
  const copies = new Map(names.map((name): [string, InstalledPackage[]] => [name, []]));
  const seen = new Set<string>();
  const waiting: { folder: string; manifest: Manifest }[] = app.manifest
    ? [{ folder: app.folder, manifest: app.manifest }]
    : [];
  for (let next = waiting.pop(); next && seen.size < MOST_PACKAGES; next = waiting.pop()) {
    for (const name of neededBy(next.manifest)) {
      const found = installedPackage(name, next.folder);
      if (!found || seen.has(found.folder)) continue;
      seen.add(found.folder);
      copies.get(name)?.push(found);
      waiting.push(found);
    }
  }
  return copies;
}

/** What is for development alone is not in the app. */
function neededBy({ dependencies, optionalDependencies, peerDependencies }: Manifest): string[] {
  return [dependencies, optionalDependencies, peerDependencies].flatMap(Object.keys);
}
