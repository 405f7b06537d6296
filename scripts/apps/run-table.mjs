import { NODES } from './ways.mjs';

/**
 * What was tried, an app a line.
 *
 * @param results - of each try: `app`, `node` (its major version) and `isFine`
 */
export function runTable(results) {
  const names = [...new Set(results.map(({ app }) => app))];
  const width = Math.max(...names.map(({ length }) => length));
  const cell = (app, node) => {
    const result = results.find((each) => each.app === app && each.node === node);
    return (result === undefined ? '' : result.isFine ? 'ok' : 'FAILED').padEnd(7);
  };
  return [
    [' '.repeat(width), ...NODES.map((node) => `Node ${node}`)],
    ...names.map((app) => [app.padEnd(width), ...NODES.map((node) => cell(app, node))]),
  ]
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}
