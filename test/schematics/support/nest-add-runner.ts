import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../../..');
const SOURCES = join(ROOT, 'lib/schematics');

export type Files = Record<string, string>;

export interface NestAddRun {
  /** All files of the app, as they are then. */
  files: Files;
  /** Those that were changed or made. */
  changed: string[];
  /** What was told: `info …` and `warn …`. */
  told: string[];
}

export interface NestAddRunner {
  run(files: Files, options?: Record<string, unknown>): Promise<NestAddRun>;
  remove(): void;
}

/** Runs `nest-add` as the CLI does: built, by its collection and its schema, on the engine of Angular's devkit. */
export async function nestAddRunner(): Promise<NestAddRunner> {
  const folder = mkdtempSync(join(tmpdir(), 'raven-schematics-'));
  const built = join(folder, 'dist/schematics');
  await build({
    entryPoints: [join(SOURCES, 'nest-add.ts')],
    outdir: built,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  for (const name of ['collection.json', 'nest-add.schema.json'])
    cpSync(join(SOURCES, name), join(built, name));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return {
    async run(files, options = { sourceRoot: 'src' }) {
      const runner = new SchematicTestRunner('nestjs-raven', join(built, 'collection.json'));
      const told: string[] = [];
      runner.logger.subscribe(({ level, message }) => told.push(`${level} ${message}`));
      const tree = new UnitTestTree(new HostTree());
      for (const [path, text] of Object.entries(files)) tree.create(path, text);
      const result = await runner.runSchematic('nest-add', options, tree);
      const after = Object.fromEntries(
        result.files.map((path) => [path.slice(1), result.read(path)?.toString() ?? '']),
      );
      return {
        files: after,
        changed: Object.keys(after)
          .filter((path) => after[path] !== files[path])
          .sort(),
        told,
      };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
