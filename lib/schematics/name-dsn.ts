import type { Tree } from '@angular-devkit/schematics';

const EXAMPLES = ['.env.example', '.env.sample', '.env.template'];
const NAMED = /^\s*#?\s*(export\s+)?SENTRY_DSN\b/m;

/**
 * Adds `SENTRY_DSN` to the example of an environment that an app has; none is made, and no real one is touched.
 *
 * @returns the file that was changed
 */
export function nameDsn(tree: Tree): string | undefined {
  const path = EXAMPLES.find((candidate) => tree.exists(candidate));
  const text = path && tree.read(path)?.toString('latin1');
  if (path === undefined || text === undefined || NAMED.test(text)) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text === '' || text.endsWith('\n') ? '' : eol;
  // Its bytes stay what they are, in whatever encoding.
  tree.overwrite(path, Buffer.from(`${text}${end}SENTRY_DSN=${eol}`, 'latin1'));
  return path;
}
