import { execFileSync } from 'node:child_process';
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
 * @returns `folder`, `packages` and `bytes` of it; undefined where the package lacks what the subject is about
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
  cpSync(join(SUBJECTS, subject.name), folder, {
    recursive: true,
    filter: (path) => !/node_modules|package(-lock)?\.json$/.test(path),
  });
  cpSync(join(BENCH, 'app'), join(folder, 'app'), { recursive: true });
  if (subject.needsExport && !hasExport(folder, subject.needsExport)) return undefined;
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

function hasExport(cwd, name) {
  const script = `import * as it from 'nestjs-raven'; process.exit(${JSON.stringify(name)} in it ? 0 : 3)`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error.status === 3) return false;
    throw error;
  }
}
