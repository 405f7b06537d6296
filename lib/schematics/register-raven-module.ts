import { addImport, valueImports } from './add-import';
import { addToModule } from './add-to-module';
import type { AppFiles } from './app-files';
import { findRavenModule, hasRavenModule } from './find-raven-module';
import { findRootModule } from './find-root-module';
import type { NestProject } from './nest-project';
import { ravenImport } from './raven-import';

const CONFIG = '@nestjs/config';

/**
 * Has an app's root module import RavenModule, unless a module of the app does.
 *
 * @returns what was done
 * @throws ByHand where the root module is not found, or not written in a way that can be added to
 */
export function registerRavenModule(files: AppFiles, { sourceRoot, entry }: NestProject): string {
  const there = findRavenModule(files, sourceRoot);
  if (there) return `${there.path} has RavenModule already`;
  const { code: root, name } = findRootModule(files, files.read(entry), sourceRoot);
  // It may be of a library, and so none of the files above.
  if (hasRavenModule(root)) return `${root.path} has RavenModule already`;
  const { needed, lines } = ravenImport(usesConfig(files, sourceRoot), root);
  files.edit(root, (code) => {
    const imported = needed.reduce((changed, [wanted, from]) => addImport(changed, wanted, from), code);
    return addToModule(imported, name, lines);
  });
  return `${root.path} imports RavenModule; errors are sent once SENTRY_DSN is set`;
}

/** Whether an app reads its settings by @nestjs/config. */
export function usesConfig(files: AppFiles, sourceRoot: string): boolean {
  return files
    .containing(sourceRoot, CONFIG)
    .some(({ ts, file }) =>
      file.statements.some((statement) => valueImports(ts, statement, CONFIG).length > 0),
    );
}
