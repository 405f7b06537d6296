import { dirname } from 'node:path';
import { appTypeScript, type TypeScript } from './app-typescript';
import { installedPackage, type InstalledPackage } from './installed-package';
import { readManifest, type Manifest } from './manifest';
import { nearestManifest } from './nearest-manifest';
import { nestProject, type NestProject } from './nest-project';
import { sourceFacts, type SourceFacts } from './source-facts';
import { sourceFiles } from './source-files';

/** An app as the checks see it: what several of them look at is read once. */
export interface App {
  /** Absolute. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** The nearest package.json, in the folder or above it; undefined where there is none that can be read. */
  manifest: Manifest | undefined;
  project: NestProject;
  /** The app's own; undefined where it has none. */
  typescript: TypeScript | undefined;
  /** What its sources say; undefined where nothing can read them. */
  sources: readonly SourceFacts[] | undefined;
  /** The copy of this package that the app loads. */
  ownPackage: InstalledPackage | undefined;
}

/** Reads what the checks look at. Never throws: what is not there is told by the checks. */
export function readApp(folder: string, env: NodeJS.ProcessEnv): App {
  const typescript = appTypeScript(folder);
  const project = nestProject(folder);
  const manifest = nearestManifest(folder);
  return {
    folder,
    env,
    manifest: manifest === undefined ? undefined : readManifest(dirname(manifest)),
    project,
    typescript,
    sources:
      typescript && sourceFiles(project.sourceFolders).map((path) => sourceFacts(typescript, path, folder)),
    ownPackage: installedPackage('nestjs-raven', folder),
  };
}
