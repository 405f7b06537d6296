// What users may import, from the one place that says so: the "exports" of package.json.
import { readFileSync } from 'node:fs';

const { name, exports, bin } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Each entry's name (`nestjs-raven`, `nestjs-raven/…`) and files: CommonJS, ESM, and the types of both. */
export const entryPoints = Object.entries(exports)
  .filter(([, conditions]) => typeof conditions === 'object')
  .map(([subpath, { import: esm, require: commonjs }]) => ({
    name: name + subpath.slice(1),
    commonjs: commonjs.default,
    commonjsTypes: commonjs.types,
    esm: esm.default,
    esmTypes: esm.types,
  }));

/** What users run as commands, from the "bin" of package.json. */
export const commands = Object.values(bin);
