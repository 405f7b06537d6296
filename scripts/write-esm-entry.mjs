// Writes the ESM entry beside the CommonJS build: it re-exports by name, so that whoever loads the package,
// by `import` or by `require`, has the same classes and tokens.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const dist = new URL('../dist/', import.meta.url);
const names = Object.keys(createRequire(dist)('./index.js')).sort();

const lines = [
  "import nestjsRaven from './index.js';",
  '',
  'export const {',
  ...names.map((name) => `  ${name},`),
  '} = nestjsRaven;',
  '',
];
writeFileSync(new URL('index.mjs', dist), lines.join('\n'));
writeFileSync(new URL('index.d.mts', dist), "export * from './index.js';\n");
