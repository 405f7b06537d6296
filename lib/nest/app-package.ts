import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A package that the app may have and this one does not need: the app's own copy, or undefined where it has none.
 * It is asked for only where the app was seen to use it.
 */
export function appPackage<T extends object>(name: string): T | undefined {
  // Beside the app before beside this package: in a workspace they may be two copies.
  for (const base of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      return createRequire(base)(name) as T;
    } catch {
      // Not from here.
    }
  }
  return undefined;
}
