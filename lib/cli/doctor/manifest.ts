import { join } from 'node:path';
import { isPlainObject } from '../../value-kinds';
import { readJson } from './read-json';

/** What matters of a package.json; each part is there, empty where the file has none. */
export interface Manifest {
  name: string;
  version: string;
  scripts: Readonly<Record<string, string>>;
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  optionalDependencies: Readonly<Record<string, string>>;
  peerDependencies: Readonly<Record<string, string>>;
  engines: Readonly<Record<string, string>>;
  /** Peers that need not be there. */
  optionalPeers: ReadonlySet<string>;
}

/** The package.json in a folder; undefined where there is none that can be read. Never throws. */
export function readManifest(folder: string): Manifest | undefined {
  const json = readJson(join(folder, 'package.json'));
  if (!json) return undefined;
  const text = (key: string): string => (typeof json[key] === 'string' ? json[key] : '');
  const texts = (key: string): Record<string, string> => {
    const entries = isPlainObject(json[key]) ? Object.entries(json[key]) : [];
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  };
  const peersMeta = isPlainObject(json.peerDependenciesMeta) ? json.peerDependenciesMeta : {};
  return {
    name: text('name'),
    version: text('version'),
    scripts: texts('scripts'),
    dependencies: texts('dependencies'),
    devDependencies: texts('devDependencies'),
    optionalDependencies: texts('optionalDependencies'),
    peerDependencies: texts('peerDependencies'),
    engines: texts('engines'),
    optionalPeers: new Set(
      Object.entries(peersMeta)
        .filter(([, meta]) => isPlainObject(meta) && meta.optional === true)
        .map(([name]) => name),
    ),
  };
}
