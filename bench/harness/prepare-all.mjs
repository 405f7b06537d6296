import { packed } from './packed.mjs';
import { prepare } from './prepare.mjs';

/**
 * Installs the app of every subject that some units need.
 *
 * @param tell - told of each
 * @returns by `subject-nest11` what prepare.mjs returns; those that could not be made are missing
 */
export async function prepareAll(units, tell) {
  const tarball = await packed();
  const apps = new Map();
  for (const { nest, subjects } of units) {
    for (const subject of subjects) {
      const key = appKey(subject.name, nest);
      if (apps.has(key)) continue;
      const startMs = performance.now();
      try {
        apps.set(key, await prepare(subject, nest, tarball));
        const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
        tell(`${key}: installed in ${seconds} s`);
      } catch (error) {
        apps.set(key, undefined);
        tell(`${key}: NOT INSTALLED: ${error.message}`);
      }
    }
  }
  return apps;
}

export const appKey = (name, nest) => `${name}-nest${nest}`;
