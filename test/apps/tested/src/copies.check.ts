import { deepEqual, ok } from 'node:assert/strict';
import { bothWays } from './both-ways.js';

/** Only where what runs the tests can do both, `import` and `require`. */
export async function hasOneCopy(): Promise<void> {
  const pairs = await bothWays();
  const names = pairs.flatMap(([, required]) => Object.keys(required));
  ok(names.includes('RavenClient') && names.includes('RavenHealthIndicator'));
  for (const [imported, required] of pairs) {
    deepEqual(
      Object.keys(required).filter((name) => Reflect.get(imported, name) !== Reflect.get(required, name)),
      [],
    );
  }
}
