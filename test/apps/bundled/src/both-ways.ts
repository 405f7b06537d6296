import required from './required.cjs';

/** What each entry of the package gives by `import`, and by `require`: both are in the bundle. */
export async function bothWays(): Promise<[imported: object, required: object][]> {
  return [
    [await import('nestjs-raven'), required[0]],
    [await import('nestjs-raven/terminus'), required[1]],
  ];
}
