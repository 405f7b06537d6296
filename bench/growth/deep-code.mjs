import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FUNCTIONS_A_FILE = 20;

/**
 * Writes code of `depth` functions, each of which calls the next and the last one throws, into files of some length,
 * so that no two frames of a stack have the same place.
 *
 * @returns throws from so many functions down
 */
export function deepCode(folder, depth) {
  mkdirSync(folder, { recursive: true });
  for (let first = 1; first <= depth; first += FUNCTIONS_A_FILE) {
    const names = Array.from({ length: FUNCTIONS_A_FILE }, (_, n) => first + n);
    const functions = names.map(
      (n) =>
        `// what step ${n} does\nexports.step${n} = function step${n}(left) {\n  if (left <= 1) throw new TypeError('the order has no customer');\n  return steps['step' + ${n + 1}](left - 1);\n};\n`,
    );
    writeFileSync(
      join(folder, `steps-${first}.js`),
      `const { steps } = require('./steps.js');\n${functions.join('\n')}\nObject.assign(steps, exports);\n`,
    );
  }
  writeFileSync(join(folder, 'steps.js'), 'exports.steps = {};\n');
  const require = createRequire(join(folder, 'main.js'));
  const { steps } = require('./steps.js');
  for (let first = 1; first <= depth; first += FUNCTIONS_A_FILE) require(`./steps-${first}.js`);
  return (left) => steps.step1(left);
}
