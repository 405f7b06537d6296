// Writes an ESM entry beside each entry of the CommonJS build: it re-exports by name, so that whoever loads the
// package, by `import` or by `require`, has the same classes and tokens.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { entryPoints } from './entry-points.mjs';

const root = new URL('../', import.meta.url);

for (const { commonjs, esm, esmTypes } of entryPoints) {
  const exported = Object.keys(createRequire(root)(commonjs)).sort();
  const names = exported.filter((name) => name !== 'default');
  const hasDefault = names.length < exported.length;
  const source = `./${basename(commonjs)}`;
  const lines = [
    `import nestjsRaven from '${source}';`,
    '',
    'export const {',
    ...names.map((name) => `  ${name},`),
    '} = nestjsRaven;',
    ...(hasDefault ? ['export default nestjsRaven.default;'] : []),
    '',
  ];
  writeFileSync(new URL(esm, root), lines.join('\n'));
  const types = [
    `export * from '${source}';`,
    ...(hasDefault ? [`export { default } from '${source}';`] : []),
    '',
  ];
  writeFileSync(new URL(esmTypes, root), types.join('\n'));
}
