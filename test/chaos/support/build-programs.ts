import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import type { TestProject } from 'vitest/node';
import { createAuthority } from '../../support/certificates';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built package and the programs of this suite are. */
    chaosFolder: string;
  }
}

const ROOT = join(__dirname, '../../..');

/** Builds the package as it is published, and the programs that run in processes of their own, before all tests. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'raven-chaos-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const config = join(ROOT, 'tsconfig.build.json');
    // Types are checked by `npm run types`.
    const options = ['--outDir', join(folder, 'dist'), '--declaration', 'false', '--noCheck'];
    execFileSync(process.execPath, [compiler, '-p', config, ...options], { stdio: 'inherit' });
    // A package finds itself by its own name.
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const part of ['app', 'server']) transpileAll(join(ROOT, 'test/chaos', part), folder);
    for (const name of ['receiver', 'free-port']) transpile(join(ROOT, `test/support/${name}.ts`), folder);
    await makeCertificates(join(folder, 'certificates'));
  } catch (error) {
    remove();
    throw error;
  }
  provide('chaosFolder', folder);
  return remove;
}

/** `expected` is for 127.0.0.1, signed by an authority that apps are told to trust; `stranger` is for another host. */
async function makeCertificates(folder: string): Promise<void> {
  mkdirSync(folder);
  const authority = await createAuthority();
  try {
    writeFileSync(join(folder, 'authority.cert.pem'), authority.pem);
    for (const [name, host] of [
      ['expected', '127.0.0.1'],
      ['stranger', 'stranger.example'],
    ]) {
      const { key, cert } = await authority.sign(host);
      writeFileSync(join(folder, `${name}.key.pem`), key);
      writeFileSync(join(folder, `${name}.cert.pem`), cert);
    }
  } finally {
    authority.remove();
  }
}

function transpileAll(from: string, folder: string): void {
  for (const name of readdirSync(from)) transpile(join(from, name), folder);
}

function transpile(file: string, folder: string): void {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  const to = join(folder, relative(ROOT, file)).replace(/\.ts$/, '.js');
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, outputText);
}
