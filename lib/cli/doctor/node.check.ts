import { ok, problem, type Finding } from './finding';
import { ownManifest } from './own-manifest';
import { isInRange } from './version-range';

/** Whether this Node is one that the package is for. */
export function checkNode(): Finding[] {
  const { version } = process;
  const range = ownManifest().engines.node;
  if (isInRange(version, range)) return [ok(`Node ${version} is within ${range}`)];
  return [
    problem(
      `Node ${version} is not within ${range}`,
      'Run the app on a Node of that range, best on an LTS release.',
    ),
  ];
}
