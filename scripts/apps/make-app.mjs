import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Makes an app: its layers, one over another, and its build. What it depends on is installed already, and is linked.
 *
 * @param source - the folder of the layers
 * @param modules - the `node_modules` of its version of NestJS
 * @returns where it is to be run
 */
export async function makeApp(folder, source, { name, layers, build, isAlone }, modules) {
  const at = join(folder, name);
  cpSync(join(source, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  for (const layer of ['app', ...layers]) cpSync(join(source, layer), at, { recursive: true });
  symlinkSync(modules, join(at, 'node_modules'));
  if (build) {
    const [tool, ...args] = build;
    await runCommand(at, tool === 'node' ? process.execPath : join(modules, '.bin', tool), ...args);
  }
  if (!isAlone) return at;
  // Where nothing is installed: what is missing in the bundle is missed.
  const alone = join(folder, 'alone', name);
  mkdirSync(alone, { recursive: true });
  for (const path of ['dist', 'package.json']) cpSync(join(at, path), join(alone, path), { recursive: true });
  return alone;
}
