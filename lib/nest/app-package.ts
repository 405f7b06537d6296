import { createRequire } from 'node:module';
import { join } from 'node:path';
import { THIS_FILE } from '../this-file';

/**
 * A package that the app may have and this one does not need: the app's own copy, or undefined where it has none.
 * It is asked for only where the app was seen to use it.
 */
export function appPackage<T extends object>(name: string): T | undefined {
  return appPackages<T>(name)[0];
}

/**
 * The copies of such a package that the app may mean, the likeliest first. Mostly they are one; in a workspace the
 * app's program and this package may see different ones.
 */
export function appPackages<T extends object>(name: string): T[] {
  const program = process.argv[1];
  const copies = new Set<T>();
  for (const base of program ? [program, THIS_FILE] : [THIS_FILE]) addFrom(base, name, copies);
  // Where the process was started says least: it may be anywhere.
  if (copies.size === 0) addFrom(join(process.cwd(), 'package.json'), name, copies);
  return [...copies];
}

function addFrom<T>(base: string, name: string, copies: Set<T>): void {
  try {
    copies.add(createRequire(base)(name) as T);
  } catch {
    // Not from here.
  }
}
