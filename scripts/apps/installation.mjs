import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './run-command.mjs';

/** Puts a release of a major version of Node into a folder. @returns the path of its program */
export async function installNode(folder, major) {
  const at = join(folder, `node-${major}`);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), '{ "private": true }');
  await npm(at, 'install', `node@${major}`);
  return join(at, 'node_modules/.bin/node');
}

/**
 * Installs a version of NestJS, the tools that its apps need, and the packed package: once for all of these apps.
 *
 * @param manifest - the path of the package.json of that version
 * @returns the path of `node_modules`
 */
export async function installNest(folder, nest, manifest, apps, tarball) {
  const at = join(folder, `nest-${nest}`);
  mkdirSync(at);
  const { devDependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'));
  const needed = new Set(apps.flatMap(({ needs }) => needs));
  const tools = Object.entries(devDependencies).filter(([name]) => needed.has(name));
  writeFileSync(
    join(at, 'package.json'),
    JSON.stringify({ ...rest, devDependencies: Object.fromEntries(tools) }),
  );
  await npm(at, 'install', tarball);
  return join(at, 'node_modules');
}
