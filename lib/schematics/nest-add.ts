import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule, SchematicContext } from '@angular-devkit/schematics';
import { addDependency } from './add-dependency';
import { AppFiles } from './app-files';
import { ByHand } from './by-hand';
import { enableShutdownHooks } from './enable-shutdown-hooks';
import { loadTypeScript } from './load-typescript';
import { nameDsn } from './name-dsn';
import { nestProject, type NestAddOptions } from './nest-project';
import { ravenImport } from './raven-import';
import { registerRavenModule, usesConfig } from './register-raven-module';

/**
 * What `nest add nestjs-raven` does to an app once the package is there: its root module imports RavenModule, and its
 * entry file enables shutdown hooks, so that what is not delivered yet is when the app is stopped. What is there already
 * stays as it is; what cannot be written is told.
 *
 * @throws Error where it is not known which app is meant, or there is no TypeScript; nothing is changed then
 */
export function nestAdd(options: NestAddOptions): Rule {
  return (tree, { logger }) => {
    const files = new AppFiles(loadTypeScript(process.cwd()), tree);
    const project = nestProject(tree, options);
    const steps: Step[] = [
      {
        path: 'package.json',
        change: () => addToManifest(files),
        needs: () => ['"dependencies": {', `  "nestjs-raven": "${ownRange()}"`, '}'],
      },
      {
        path: 'the root module',
        change: () => registerRavenModule(files, project),
        needs: () => moduleExample(usesConfig(files, project.sourceRoot), project.entry.endsWith('.ts')),
      },
      {
        path: project.entry,
        change: () => addShutdownHooks(files, project.entry),
        needs: () => ['const app = await NestFactory.create(AppModule);', 'app.enableShutdownHooks();'],
      },
    ];
    for (const step of steps) take(step, logger);
    const example = nameDsn(tree);
    if (example !== undefined) logger.info(`nestjs-raven: ${example} names SENTRY_DSN`);
  };
}

interface Step {
  /** What is changed, as far as it is known before. */
  path: string;
  /** @returns what is told of it */
  change: () => string | undefined;
  /** What is to be written there by hand, in lines. */
  needs: () => string[];
}

function take({ path, change, needs }: Step, logger: SchematicContext['logger']): void {
  try {
    const done = change();
    if (done !== undefined) logger.info(`nestjs-raven: ${done}`);
  } catch (error) {
    if (!(error instanceof ByHand)) throw error;
    const lines = needs().map((line) => (line === '' ? '' : `  ${line}`));
    logger.warn(
      `nestjs-raven: ${error.path ?? path} was not changed: ${error.message}. It needs:\n\n${lines.join('\n')}\n`,
    );
  }
}

/** The CLI has installed the package; where it was told not to, it is named here. */
function addToManifest(files: AppFiles): string | undefined {
  const manifest = files.read('package.json');
  if (!manifest) throw new ByHand('it is not there');
  const isAdded = files.edit(manifest, (code) => addDependency(code, 'nestjs-raven', ownRange()));
  return isAdded ? 'package.json names it; your package manager has to install it' : undefined;
}

function addShutdownHooks(files: AppFiles, entry: string): string {
  const code = files.read(entry);
  if (!code) throw new ByHand('it is not there');
  return files.edit(code, enableShutdownHooks)
    ? `${entry} enables shutdown hooks`
    : `${entry} enables shutdown hooks already`;
}

function moduleExample(byConfig: boolean, isTyped: boolean): string[] {
  const { needed, lines } = ravenImport(byConfig, { indent: '  ', quote: "'", isTyped });
  return [
    ...needed.map(([name, from]) => `import { ${name} } from '${from}';`),
    '',
    '@Module({',
    '  imports: [',
    ...lines.map((line, at) => `    ${line}${at === lines.length - 1 ? ',' : ''}`),
    '  ],',
    '})',
  ];
}

/** The versions that fit this one, as npm would write them. */
function ownRange(): string {
  const path = join(__dirname, '../../package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `^${version}`;
}
