// Compilers make a `require` of what is written as `import()` where modules are CommonJS.
// oxlint-disable-next-line typescript/no-implied-eval
const load = new Function('name', 'return import(name)') as (name: string) => Promise<object>;

/** What each entry of the package gives by `import`, and by `require`. */
export async function bothWays(): Promise<[imported: object, required: object][]> {
  return [
    [await load('nestjs-raven'), require('nestjs-raven')],
    [await load('nestjs-raven/terminus'), require('nestjs-raven/terminus')],
  ];
}
