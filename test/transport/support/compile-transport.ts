import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const LIB = join(__dirname, '../../../lib');

/**
 * Compiles `protocol` and `transport` for scripts that run in processes of their own.
 *
 * @returns the folder that holds both; the caller removes it
 */
export function compileTransport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raven-compiled-'));
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  for (const part of ['protocol', 'transport']) {
    for (const name of readdirSync(join(LIB, part), { encoding: 'utf8', recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const source = readFileSync(join(LIB, part, name), 'utf8');
      const file = join(folder, part, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, ts.transpileModule(source, { compilerOptions }).outputText);
    }
  }
  return folder;
}
