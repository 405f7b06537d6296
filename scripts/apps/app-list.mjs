import { NODES, WAYS } from './ways.mjs';

/** Each way with each major version of NestJS that it is for. */
export const APPS = WAYS.flatMap(({ onEveryChange, needs = [], runsOn = NODES, ...way }) =>
  Object.entries(onEveryChange).map(([nest, nodes]) => ({
    ...way,
    nest,
    name: `nest-${nest}-${way.name}`,
    way: way.name,
    // Everything is compiled against Node's types.
    needs: ['@types/node', 'typescript', ...needs],
    runsOn,
    onEveryChange: nodes,
  })),
);

/**
 * What there is to try.
 *
 * @param isAll - every app on every Node; otherwise the spread of every change
 * @param only - a part of the apps' names, to try these alone; then on every Node
 * @returns each app with the `nodes` to try it on
 */
export function chosenApps(isAll, only = '') {
  return APPS.filter(({ name }) => name.includes(only))
    .map((app) => ({ ...app, nodes: isAll || only !== '' ? app.runsOn : app.onEveryChange }))
    .filter(({ nodes }) => nodes.length > 0);
}
