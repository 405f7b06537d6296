import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** The folder of an app, as far as the doctor looks at one. */
export interface AppFolder {
  path: string;
  /** Writes a file; what is no text as JSON. */
  write(path: string, content: unknown): void;
  /** Installs a package under this path as a mere manifest. */
  fake(path: string, manifest: Record<string, unknown>): void;
  /** Puts a link to another path of the folder in the place of what is there. */
  link(path: string, target: string): void;
  remove(path?: string): void;
}

const MODULE = `import { Module } from '@nestjs/common';
import { RavenModule } from 'nestjs-raven';

@Module({
  imports: [RavenModule.forRoot()],
})
export class AppModule {}
`;
const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks();
  await app.listen(3000);
}
void bootstrap();
`;

/** An app that nothing is wrong with, with this repository's own copy of what it needs. @param ownPackage - the folder of this package, built */
export function appFolder(ownPackage: string): AppFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'raven-doctor-')));
  const write = (name: string, content: unknown): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('package.json', {
    name: 'shop',
    version: '1.4.0',
    dependencies: {
      '@nestjs/common': '*',
      '@nestjs/core': '*',
      'nestjs-raven': '*',
      'reflect-metadata': '*',
      rxjs: '*',
    },
  });
  write('nest-cli.json', { sourceRoot: 'src' });
  write('tsconfig.json', { compilerOptions: { outDir: './dist', sourceMap: true } });
  write('src/app.module.ts', MODULE);
  write('src/main.ts', MAIN);
  mkdirSync(join(path, 'node_modules/@nestjs'), { recursive: true });
  symlinkSync(ownPackage, join(path, 'node_modules/nestjs-raven'));
  for (const name of ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs', 'typescript']) {
    symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), join(path, 'node_modules', name));
  }
  return {
    path,
    write,
    fake: (name, manifest) => {
      rmSync(join(path, name), { recursive: true, force: true });
      write(join(name, 'package.json'), manifest);
    },
    link: (name, target) => {
      rmSync(join(path, name), { recursive: true, force: true });
      mkdirSync(dirname(join(path, name)), { recursive: true });
      symlinkSync(join(path, target), join(path, name));
    },
    remove: (name = '.') => rmSync(join(path, name), { recursive: true, force: true }),
  };
}
