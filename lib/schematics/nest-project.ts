import { posix } from 'node:path';
import type { Tree } from '@angular-devkit/schematics';

/** What the CLI gives to `nest-add`; see nest-add.schema.json. */
export interface NestAddOptions {
  sourceRoot?: string;
  project?: string;
}

/** Where an app is in its repository. */
export interface NestProject {
  sourceRoot: string;
  /** The file that starts the app. */
  entry: string;
}

/** The parts of nest-cli.json that matter here. */
interface Settings {
  sourceRoot?: string;
  entryFile?: string;
  projects?: Record<string, Settings | undefined>;
}

/**
 * Finds the app that is meant, as nest-cli.json tells.
 *
 * @throws Error where that knows no project of the name: the CLI would take the default one
 */
export function nestProject(tree: Tree, { sourceRoot: given, project }: NestAddOptions): NestProject {
  const config = ['nest-cli.json', '.nest-cli.json'].find((path) => tree.exists(path));
  const settings = (config ? tree.readJson(config) : {}) as Settings;
  const projects = settings.projects ?? {};
  const named = project === undefined ? undefined : projects[project];
  if (project !== undefined && named === undefined) {
    const known = Object.keys(projects).join(', ') || 'none';
    throw new Error(
      `nestjs-raven: nothing was changed: there is no project "${project}"; expected one of nest-cli.json: ${known}`,
    );
  }
  const sourceRoot = posix.normalize(named?.sourceRoot ?? given ?? settings.sourceRoot ?? 'src');
  const own =
    named ??
    Object.values(projects).find((other) => posix.normalize(other?.sourceRoot ?? '') === sourceRoot) ??
    settings;
  const entryFile = own.entryFile ?? settings.entryFile ?? 'main';
  const path = posix.join(sourceRoot, entryFile);
  const isJavaScript = !tree.exists(`${path}.ts`) && tree.exists(`${path}.js`);
  return { sourceRoot, entry: `${path}${isJavaScript ? '.js' : '.ts'}` };
}
