import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const LIB = join(__dirname, '../../../lib');

/**
 * Compiles `transport`, and what it loads, for scripts that run in processes and threads of their own.
 *
 * @returns the folder that holds it; the caller removes it
 */
export function compileTransport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raven-compiled-'));
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  for (const name of readdirSync(LIB, { encoding: 'utf8', recursive: true })) {
    if (!/^(?:(?:event|protocol|transport)\b.*|own-folder|own-file|this-file)\.ts$/.test(name)) continue;
    const source = readFileSync(join(LIB, name), 'utf8');
    const file = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  return folder;
}
