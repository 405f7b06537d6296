// A typical error: 30 frames, 12 of them the app's own in 4 files, the others of a package, each file of some length.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const DEPTH = 30;
const FILES = ['orders.controller', 'orders.service', 'payment.service', 'orders.repository'];

/**
 * Writes the code into a folder and loads it.
 *
 * @returns makes one error with that stack
 */
export function typicalError(folder) {
  const modules = join(folder, 'node_modules/pipeline');
  const app = join(folder, 'src');
  mkdirSync(modules, { recursive: true });
  mkdirSync(app, { recursive: true });
  const filler = Array.from({ length: 150 }, (_, n) => `// line ${n} of a file as long as most are\n`).join(
    '',
  );
  writeFileSync(
    join(modules, 'index.js'),
    `${filler}exports.step = function step(next, rest) {\n  return next(rest);\n};\n`,
  );
  for (const name of FILES) {
    writeFileSync(
      join(app, `${name}.js`),
      `${filler}exports.handle = function handle(depth, chain, id) {\n  if (depth === 0) throw new TypeError('order ' + id + ' has no customer');\n  return chain(depth - 1, id);\n};\n`,
    );
  }
  const require = createRequire(join(app, 'main.js'));
  const { step } = require('pipeline');
  const handlers = FILES.map((name) => require(join(app, `${name}.js`)).handle);
  const chain = (depth, id) =>
    depth % 5 < 3 && depth > 0
      ? step((rest) => chain(rest, id), depth - 1)
      : handlers[depth % handlers.length](depth, chain, id);
  Error.stackTraceLimit = DEPTH;
  return (id) => {
    try {
      chain(DEPTH * 2, id);
    } catch (error) {
      return error;
    }
  };
}
