import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldersAbove } from '../../deployment/folders-above';
import { isPlainObject } from '../../value-kinds';
import { readJson } from './read-json';

/** Where an app's sources are, and what they are compiled by. */
export interface NestProject {
  /** Absolute; those that exist, the app's own first, then the libraries of its workspace. */
  sourceFolders: readonly string[];
  /** Absolute; undefined where there is none. */
  tsConfig: string | undefined;
}

type Json = Record<string, unknown>;

/** What the nearest nest-cli.json says of the app in a folder; without one, what `nest new` would have said. */
export function nestProject(folder: string): NestProject {
  const base = [...foldersAbove(folder)].find((above) => existsSync(join(above, 'nest-cli.json'))) ?? folder;
  const config = readJson(join(base, 'nest-cli.json')) ?? {};
  const projects = objectsIn(config.projects);
  const app =
    projects.find(({ root }) => typeof root === 'string' && resolve(base, root) === folder) ?? config;
  const libraries = projects.filter((project) => project !== app && project.type === 'library');
  const ownSources = typeof app.sourceRoot === 'string' ? resolve(base, app.sourceRoot) : join(folder, 'src');
  const folders = [
    ownSources,
    ...libraries.flatMap(({ sourceRoot }) =>
      typeof sourceRoot === 'string' ? [resolve(base, sourceRoot)] : [],
    ),
  ];
  return {
    sourceFolders: [...new Set(folders)].filter((path) => existsSync(path)),
    tsConfig: tsConfigOf(app, folder, base),
  };
}

function tsConfigOf({ compilerOptions }: Json, folder: string, base: string): string | undefined {
  const named = isPlainObject(compilerOptions) ? compilerOptions.tsConfigPath : undefined;
  const candidates = [
    ...(typeof named === 'string' ? [resolve(base, named)] : []),
    ...['tsconfig.build.json', 'tsconfig.app.json', 'tsconfig.json'].map((name) => join(folder, name)),
  ];
  return candidates.find((path) => existsSync(path));
}

function objectsIn(value: unknown): Json[] {
  return isPlainObject(value) ? Object.values(value).filter(isPlainObject) : [];
}
