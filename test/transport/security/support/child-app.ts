import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../../..');

/** How a process ended. */
export interface ChildRun {
  code: number | null;
  signal: string | null;
  output: string;
  tookMs: number;
}

/** Starts small apps that use the library in processes of their own. */
export interface ChildApps {
  /**
   * Runs a script that has `RavenClient` and `log`, which writes a line; ends it by force after 45 s, which gives a
   * signal. Its environment has nothing of a proxy but what is given.
   *
   * @param until - when its standard input ends
   */
  run(script: string, env?: Record<string, string>, until?: Promise<unknown>): Promise<ChildRun>;
  remove(): void;
}

/** Compiles the library into a folder of its own. */
export function compileLibrary(): ChildApps {
  const folder = mkdtempSync(join(tmpdir(), 'raven-child-'));
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  for (const name of readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const source = readFileSync(join(ROOT, 'lib', name), 'utf8');
    const target = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  let count = 0;
  return {
    run: (script, env = {}, until = Promise.resolve()) => {
      const file = join(folder, `app-${(count += 1)}.js`);
      writeFileSync(
        file,
        `const { RavenClient } = require('./client/raven.client.js');
         const log = (line) => process.stdout.write(line + '\\n');
         const logger = { debug: log, log, warn: log, error: log };
         ${script}`,
      );
      const inherited = Object.entries(process.env).filter(
        ([name]) => !/_proxy$|^SENTRY_|^NODE_/i.test(name),
      );
      const startMs = performance.now();
      const child = spawn(process.execPath, [file], {
        env: { ...Object.fromEntries(inherited), NODE_PATH: join(ROOT, 'node_modules'), ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: 45_000,
      });
      child.stdin.on('error', () => undefined);
      const end = (): void => void child.stdin.end();
      until.then(end, end);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) =>
          resolve({ code, signal, output, tookMs: performance.now() - startMs }),
        );
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
