import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';

export type TypeScript = typeof ts;

/**
 * TypeScript as the app has it, else as the CLI has that runs this.
 *
 * @throws Error where there is none, or only such as has no compiler in JavaScript
 */
export function loadTypeScript(appFolder: string): TypeScript {
  const program = process.argv[1];
  for (const base of [join(appFolder, 'package.json'), __filename, ...(program ? [program] : [])]) {
    try {
      const found = createRequire(base)('typescript') as Partial<TypeScript>;
      if (typeof found.createSourceFile === 'function') return found as TypeScript;
    } catch {
      // Not from here.
    }
  }
  throw new Error(
    'nestjs-raven: nothing was changed: there is no package "typescript" to read the app with; expected it in its node_modules',
  );
}
