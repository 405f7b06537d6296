import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a bundler writes itself, so that its modules find each other. */
const BUNDLERS_OWN =
  /^(?:webpack|rspack)\/(?:bootstrap|runtime|startup|before-startup|after-startup|container|sharing|universalModuleDefinition)|^(?:external|ignored|delegated|consume shared module) /;
/** `webpack://shop/./src/a.ts`, `webpack-internal:///./src/a.ts`, `webpack:///src/a.ts`. */
const BUNDLED = /^(?:webpack|webpack-internal|rspack|turbopack):\/\/[^/]*\//;
const SCHEME = /^[a-z][\w+.-]+:\/\//i;

/** What a source of a map is. */
export type OriginalSource = { path: string } | { own: string } | undefined;

/** Whether a path is a name that bundlers give. */
export function isBundledName(name: string): boolean {
  return BUNDLED.test(name);
}

/**
 * The file that a name in a source map, or in a stack that was mapped already, stands for.
 *
 * @param name - `webpack://shop/./src/a.ts`, `../src/a.ts`, `file:///app/src/a.ts` …
 * @param mapPath - of the map, or of the file that has the map in it; relative names start there
 * @param root - the project's root, where bundlers start from
 * @returns its path; `own` where a bundler wrote it; undefined where it is no file
 */
export function originalSource(name: string, mapPath: string, root: string): OriginalSource {
  try {
    const bundled = BUNDLED.exec(name);
    if (bundled) {
      // Bundlers tell sources of one name apart by a query.
      const bare = name.slice(bundled[0].length).replace(/\?[^/]*$/, '');
      return BUNDLERS_OWN.test(bare) ? { own: bare } : { path: resolve(root, bare) };
    }
    if (name.startsWith('file://')) return { path: fileURLToPath(name) };
    if (SCHEME.test(name) || name.startsWith('<') || name === '') return undefined;
    if (BUNDLERS_OWN.test(name)) return { own: name };
    return { path: isAbsolute(name) ? name : resolve(dirname(mapPath), name) };
  } catch {
    return undefined;
  }
}
