// Writes an ESM entry beside each entry of the CommonJS build: it re-exports by name, so that whoever loads the
// package, by `import` or by `require`, has the same classes and tokens. It imports what the build needs of Nest, and
// hands it over: Jest and its like can import the ES modules of NestJS 12, but not require them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, posix } from 'node:path';
import { entryPoints } from './entry-points.mjs';

const root = new URL('../', import.meta.url);
const BUNDLE = './dist/nestjs-raven.js';
const LOADER = 'load-with.js';
/** What an app may not have is imported by nobody but the entry that is about it. */
const { peerDependenciesMeta: optional } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const OF_NEST = /\brequire\("(@nestjs\/[\w-]+)"\)/g;

for (const { commonjs, esm, esmTypes } of entryPoints) {
  const exported = Object.keys(createRequire(root)(commonjs)).sort();
  const names = exported.filter((name) => name !== 'default');
  const hasDefault = names.length < exported.length;
  const source = `./${basename(commonjs)}`;
  const packages = nestPackages(commonjs);
  const lines = [
    ...packages.map((name, index) => `import * as nest${index} from '${name}';`),
    `import loadWith from './${LOADER}';`,
    '',
    'const nestjsRaven = loadWith({',
    ...packages.map((name, index) => `  '${name}': nest${index},`),
    '});',
    'export const {',
    ...names.map((name) => `  ${name},`),
    '} = nestjsRaven;',
    ...(hasDefault ? ['export default nestjsRaven.default;'] : []),
    '',
  ];
  writeFileSync(new URL(esm, root), lines.join('\n'));
  writeFileSync(new URL(`${dirname(commonjs)}/${LOADER}`, root), loader(commonjs));
  const types = [
    `export * from '${source}';`,
    ...(hasDefault ? [`export { default } from '${source}';`] : []),
    '',
  ];
  writeFileSync(new URL(esmTypes, root), types.join('\n'));
}

/** The packages of Nest that an entry is made with: those of the bundle, and those of the files in its own folder. */
function nestPackages(commonjs) {
  const folder = dirname(commonjs);
  const own =
    folder === dirname(BUNDLE)
      ? []
      : readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' });
  const names = new Set(packagesIn(BUNDLE).filter((name) => !(name in optional)));
  for (const path of own.filter((each) => each.endsWith('.js'))) {
    for (const name of packagesIn(`${folder}/${path}`)) names.add(name);
  }
  return [...names].sort();
}

function packagesIn(path) {
  const code = readFileSync(new URL(path, root), 'utf8');
  return [...code.matchAll(OF_NEST)].map(([, name]) => name);
}

/** What is CommonJS itself, as NestJS 10 and 11 are, can be required. */
function loader(commonjs) {
  const bundle = posix.relative(dirname(commonjs), BUNDLE);
  return `"use strict";
const { nestModules } = require("${bundle.startsWith('.') ? bundle : `./${bundle}`}");
module.exports = (packages) => {
  for (const [name, module] of Object.entries(packages)) if (!("default" in module)) nestModules[name] ??= module;
  return require("./${basename(commonjs)}");
};
`;
}
