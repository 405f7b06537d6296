import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the doctor needs of TypeScript. */
export type TypeScript = typeof import('typescript');

/** The app's own TypeScript; undefined where there is none, or one without the API that reads sources. */
export function appTypeScript(folder: string): TypeScript | undefined {
  try {
    const typescript = createRequire(join(folder, 'package.json'))('typescript') as Partial<TypeScript>;
    return typeof typescript.createSourceFile === 'function' ? (typescript as TypeScript) : undefined;
  } catch {
    return undefined;
  }
}
