import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { footprint } from './footprint.mjs';
import { install } from './npm.mjs';
import { BENCH, SUBJECTS, WORK } from './paths.mjs';

const nestPackages = ['common', 'core', 'platform-express', 'platform-fastify'];

/**
 * Makes the app of a subject on a major version of Nest, in a folder of its own, installed as a user's would be.
 * What was installed before is kept where the same is wanted.
 *
 * @param tarball - what `nestjs-raven` stands for
 * @returns `folder`, `packages` and `bytes` of it
 */
export async function prepare(subject, nest, tarball) {
  const folder = join(WORK, `${subject.name}-nest${nest}`);
  const dependencies = {
    ...Object.fromEntries(nestPackages.map((name) => [`@nestjs/${name}`, `^${nest}.0.0`])),
    'reflect-metadata': '^0.2.0',
    rxjs: '^7.8.0',
    ...subject.dependencies,
    ...(subject.dependencies['nestjs-raven'] && { 'nestjs-raven': `file:${tarball}` }),
  };
  const manifest = JSON.stringify({ name: 'bench-app', version: '1.0.0', private: true, dependencies });
  const stamp = join(folder, 'installed.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest);
    const twin = twinOf(manifest);
    if (twin) cpSync(join(twin, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
    else await install(folder);
    writeFileSync(stamp, manifest);
  }
  for (const name of [subject.like ?? subject.name, subject.name]) {
    cpSync(join(SUBJECTS, name), folder, {
      recursive: true,
      filter: (path) => !/node_modules|package(-lock)?\.json$/.test(path),
    });
  }
  cpSync(join(BENCH, 'app'), join(folder, 'app'), { recursive: true });
  return { folder, ...footprint(folder) };
}

/** @returns the folder of another app that installed the same */
function twinOf(manifest) {
  return readdirSync(WORK)
    .map((name) => join(WORK, name))
    .find((folder) => {
      const stamp = join(folder, 'installed.json');
      return existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest;
    });
}
