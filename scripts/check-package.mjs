// Checks what would be published: the files in it, how it resolves, and that there is one copy of every class.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';

const run = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-'));
try {
  const [packed] = JSON.parse(
    run('npm', 'pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder),
  );
  const paths = packed.files.map(({ path }) => path);
  for (const wanted of [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/index.mjs',
    'dist/index.d.ts',
    'dist/index.d.mts',
  ]) {
    assert.ok(paths.includes(wanted), `the package lacks ${wanted}`);
  }
  const others = paths.filter(
    (path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path),
  );
  assert.deepEqual(others, [], 'the package holds what is not for its users');

  console.log(run('npx', 'publint', '--strict'));
  console.log(run('npx', 'attw', '--no-color', join(folder, packed.filename)));

  const required = createRequire(import.meta.url)('nestjs-raven');
  const imported = await import('nestjs-raven');
  assert.deepEqual(
    Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports'),
    Object.keys(required).sort(),
    'import and require give different names',
  );
  for (const [name, value] of Object.entries(required)) {
    assert.equal(imported[name], value, `${name} is another one by import than by require`);
  }
  console.log(`${paths.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
} finally {
  rmSync(folder, { recursive: true });
}
