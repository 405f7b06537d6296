import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What each entry of the package gives by `import`, and by `require`. */
export async function bothWays(): Promise<[imported: object, required: object][]> {
  return [
    [await import('nestjs-raven'), require('nestjs-raven')],
    [await import('nestjs-raven/terminus'), require('nestjs-raven/terminus')],
  ];
}
