import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventIn, framesIn, framesOf, writeProject, type CaseOptions } from './support/stack-case';

const FAILS = `exports.fail = function fail() { throw new Error('m'); };`;
const CALLS = (path: string): string => `exports.run = function run() { require('${path}').fail(); };`;

const FILES: [name: string, files: Record<string, string>, frames: string[], options?: CaseOptions][] = [
  [
    'modules of the app',
    { 'src/index.js': CALLS('./orders/orders.service'), 'src/orders/orders.service.js': FAILS },
    ['Object.run src/index.js:1', 'Object.fail src/orders/orders.service.js:1'],
  ],
  [
    'a package',
    { 'index.js': CALLS('pg'), 'node_modules/pg/index.js': FAILS },
    ['Object.run index.js:1', 'Object.fail node_modules/pg/index.js:1 -'],
  ],
  [
    'a package with a scope',
    { 'index.js': CALLS('@acme/core'), 'node_modules/@acme/core/index.js': FAILS },
    ['Object.run index.js:1', 'Object.fail node_modules/@acme/core/index.js:1 -'],
  ],
  [
    'a package in a package',
    {
      'index.js': CALLS('./node_modules/a/node_modules/pg'),
      'node_modules/a/node_modules/pg/index.js': FAILS,
    },
    ['Object.run index.js:1', 'Object.fail node_modules/pg/index.js:1 -'],
  ],
  [
    'a package that is included',
    { 'index.js': CALLS('@acme/core'), 'node_modules/@acme/core/index.js': FAILS },
    ['Object.run index.js:1', 'Object.fail node_modules/@acme/core/index.js:1'],
    { options: { includePaths: ['@acme/core'] } },
  ],
  [
    'a folder that is excluded',
    { 'index.js': CALLS('./generated/client'), 'generated/client.js': FAILS },
    ['Object.run index.js:1', 'Object.fail generated/client.js:1 -'],
    { options: { excludePaths: ['generated'] } },
  ],
  [
    'a package unpacked by Yarn',
    {
      'index.js': CALLS('./.yarn/unplugged/pg-npm-8.0.0-1f2e/node_modules/pg'),
      '.yarn/unplugged/pg-npm-8.0.0-1f2e/node_modules/pg/index.js': FAILS,
    },
    ['Object.run index.js:1', 'Object.fail node_modules/pg/index.js:1 -'],
  ],
  [
    'a package of a monorepo, above the project',
    {
      'apps/shop/index.js': CALLS('../../packages/shared/dist/a.js'),
      'packages/shared/dist/a.js': FAILS,
      'package.json': '{"workspaces":["*"]}',
    },
    ['Object.run index.js:1', 'Object.fail packages/shared/dist/a.js:1'],
    { root: 'apps/shop' },
  ],
  [
    'a file of an odd name',
    { 'index.js': CALLS('./my dir (1)/größe ü?a=1.js'), 'my dir (1)/größe ü?a=1.js': FAILS },
    ['Object.run index.js:1', 'Object.fail my dir (1)/größe ü?a=1.js:1'],
  ],
  [
    'an ES module',
    {
      'index.mjs': `import { fail } from './orders.mjs';\nexport default class { static go() { fail(); } }\nexport function run() { fail(); }`,
      'orders.mjs': `export function fail() { throw new Error('m'); }`,
    },
    ['Module.run index.mjs:3', 'fail orders.mjs:1'],
  ],
  [
    'a default export',
    {
      'index.mjs': `import fail from './orders.mjs';\nexport const run = () => fail();`,
      'orders.mjs': `export default () => { throw new Error('m'); };`,
    },
    ['Module.run index.mjs:2', 'default orders.mjs:1'],
  ],
  ['the top level of an ES module', { 'index.mjs': `\nthrow new Error('m');` }, ['<anonymous> index.mjs:2']],
  [
    'a module that is imported late',
    {
      'index.mjs': `export async function run() { (await import('./late.mjs')).fail(); }`,
      'late.mjs': `export function fail() { throw new Error('m'); }`,
    },
    ['Module.run index.mjs:1', 'Module.fail late.mjs:1'],
  ],
  [
    'an import with a query',
    {
      'index.mjs': `export async function run() { (await import('./a%20b.mjs?v=1#x')).fail(); }`,
      'a b.mjs': `export function fail() { throw new Error('m'); }`,
    },
    ['Module.run index.mjs:1', 'Module.fail a b.mjs:1'],
  ],
  [
    'a data URL',
    {
      'index.mjs': `const { fail } = await import('data:text/javascript,export function fail() { throw new Error(1) }');\nexport function run() { fail(); }`,
    },
    ['Module.run index.mjs:2', 'fail data:text/javascript:1'],
  ],
  [
    'JSON that is none',
    { 'index.js': `exports.run = function run() { require('./data.json'); };`, 'data.json': '{' },
    ['Object.run index.js:1', 'parse <anonymous> -'],
  ],
];

describe('the stack of', () => {
  it.each(FILES)('%s', async (_name, files, expected, options) => {
    expect(await framesOf(files, options)).toEqual(expected);
  });
});

describe('the stack of linked packages', () => {
  const linked: [name: string, target: string, link: string, frames: string[]][] = [
    [
      'a workspace',
      'packages/shared',
      'node_modules/@acme/shared',
      ['Object.run index.js:1', 'Object.fail packages/shared/index.js:1'],
    ],
    [
      'pnpm',
      'node_modules/.pnpm/@acme+shared@1.0.0/node_modules/@acme/shared',
      'node_modules/@acme/shared',
      ['Object.run index.js:1', 'Object.fail node_modules/@acme/shared/index.js:1 -'],
    ],
  ];
  it.each(linked)('%s', async (_name, target, link, expected) => {
    const folder = writeProject({
      'apps/shop/index.js': CALLS('@acme/shared'),
      [`${target}/index.js`]: FAILS,
      'pnpm-workspace.yaml': '',
      'node_modules/@acme/.keep': '',
    });
    symlinkSync(join(folder, target), join(folder, link));
    expect(framesIn(await eventIn(folder, 'apps/shop/index.js', { root: 'apps/shop' }))).toEqual(expected);
  });
});
