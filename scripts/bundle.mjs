// Makes one file of the many of the CommonJS build: what an app's start waits for is mostly their number. What needs an
// optional peer stays as it is, in the folders of the other entries, as do commands, and comes at what it needs of the
// main one by a file at the old place that gives the module out of the bundle: so there is one copy of everything.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { commands, entryPoints } from './entry-points.mjs';

const OF_NEST = /\brequire\("(@nestjs\/[\w-]+)"\)/g;

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const BUNDLE = 'nestjs-raven.js';
const MAIN = 'index.js';
/** Run as processes and threads of their own. */
const PROGRAMS = ['transport/child-sender.js', 'transport/thread-sender.js'];
/** Run by Nest's CLI; no app loads them. */
const SCHEMATICS = 'schematics';

const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path.endsWith('.js'));
const folderOf = (file) => dirname(relative(dist, fileURLToPath(new URL(`../${file}`, import.meta.url))));
const commandFolders = commands.map(folderOf);
// Of `compat/nest-raven` it is `compat`: what such entries have in common is theirs alone.
const others = [...entryPoints.map(({ commonjs }) => folderOf(commonjs)), ...commandFolders, SCHEMATICS]
  .filter((folder) => folder !== '.')
  .map((folder) => folder.split(sep)[0]);
const isOutside = (path) => others.some((folder) => path.startsWith(`${folder}/`));
const inside = files.filter((path) => !isOutside(path));

const modules = inside.map((path) => `  '${path}': () => require('./${path}'),`);
const bundled = await build({
  stdin: {
    contents: `module.exports = {\n  nestModules,\n${modules.join('\n')}\n};\n`,
    resolveDir: dist,
    sourcefile: 'modules.js',
  },
  absWorkingDir: dist,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: { js: 'const nestModules = {};' },
  write: false,
  logLevel: 'warning',
});
// V8 keeps the text, and in twice the memory where a comment has a letter beyond Latin-1: comments are for whoever
// reads the source or the types.
const { code: packed } = await transform(bundled.outputFiles[0].text, { minifyWhitespace: true });
const { code } = await transform(packed, { loader: 'js' });
writeFileSync(join(dist, BUNDLE), preferGiven(code, 'nestModules'));

const wanted = new Set([MAIN, ...PROGRAMS, ...files.filter(isOutside).flatMap(insideRequires)]);
for (const path of inside) {
  if (wanted.has(path)) writeFileSync(join(dist, path), standIn(path));
  else rmSync(join(dist, path));
}
// Nobody imports a command.
for (const folder of commandFolders) {
  for (const path of readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.d.ts')) rmSync(join(dist, folder, path));
  }
}

for (const path of files.filter(isOutside)) {
  const bundle = posix.relative(dirname(path), BUNDLE);
  const given = preferGiven(readFileSync(join(dist, path), 'utf8'), `require("${bundle}").nestModules`);
  writeFileSync(join(dist, path), given);
}

/**
 * Code that takes a package of Nest's from what the ESM entries have put into an object, where it is there: not all that
 * loads CommonJS can load the ES modules of NestJS 12 from it. The `require` stays as it is for bundlers to see.
 */
function preferGiven(code, object) {
  return code.replaceAll(OF_NEST, `(${object}["$1"] ?? require("$1"))`);
}

/** The files of the bundle that a file outside of it loads. */
function insideRequires(path) {
  const code = readFileSync(join(dist, path), 'utf8');
  return [...code.matchAll(/\brequire\("(\.[^"]+)"\)/g)]
    .map(([, name]) => `${posix.join(dirname(path), name)}.js`)
    .filter((target) => {
      if (!files.includes(target)) throw new Error(`dist/${path} loads ${target}, which there is not`);
      return !isOutside(target);
    });
}

/** Not in the form that Node recognizes as another module's names: it would read the bundle for them. */
function standIn(path) {
  const bundle = posix.relative(dirname(path), BUNDLE);
  const from = bundle.startsWith('.') ? bundle : `./${bundle}`;
  return `"use strict";\nconst modules = require("${from}");\nmodule.exports = modules["${path}"]();\n`;
}
