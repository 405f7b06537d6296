import { afterEach, describe, expect, it } from 'vitest';
import { inlined, mapOf } from './support/map-text';
import { errorAt, numbered, sourceFolder } from './support/source-folder';

const ID = '6f8a1c52-8e0b-4b7c-9f0e-1234567890ab';
const OTHER = '00000000-1111-4222-8333-444444444444';
const registries = globalThis as { _sentryDebugIds?: unknown; _debugIds?: unknown };
afterEach(() => {
  delete registries._sentryDebugIds;
  delete registries._debugIds;
});

const image = (code_file: string, debug_id = ID): object => ({ type: 'sourcemap', code_file, debug_id });

describe('debug ids', () => {
  it.each([
    `//# debugId=${ID}`,
    `//# debugId=${ID.toUpperCase()}\n`,
    `//# debugId=${ID.replaceAll('-', '')}\r\n`,
    `//# debugId=${ID}\n//# sourceMappingURL=none.js.map`,
  ])('are those that files end in: %j', async (end) => {
    const { write, report } = sourceFolder();
    const path = write('dist/main.js', `${numbered(20)}\n${end}`);
    const other = write('dist/other.js', numbered(20));
    const { debug_meta } = await report(`f (${path}:3:1)`, `g (${path}:4:1)`, `h (${other}:5:1)`);
    expect(debug_meta).toEqual({ images: [image(path)] });
  });

  it('name a file as its frames do', async () => {
    const { write, report } = sourceFolder();
    const path = write('dist/main.js', `code\n//# debugId=${ID}`);
    const { debug_meta, exception } = await report(`f (file://${path}:1:1)`);
    expect(debug_meta?.images[0].code_file).toBe(exception?.values[0].stacktrace?.frames[0].abs_path);
  });

  it('are those of files that are not shown as what they were made of', async () => {
    const { write, report } = sourceFolder();
    const map = mapOf([[[0, 0, 0, 0]]], ['../src/a.ts']);
    const path = write('dist/main.js', `code\n${inlined(map)}\n//# debugId=${ID}`);
    expect(await report(`f (${path}:1:1)`)).not.toHaveProperty('debug_meta');
  });

  it.each(['_sentryDebugIds', '_debugIds'] as const)(
    'are those that %s knows, of files that are gone',
    async (name) => {
      const { report } = sourceFolder();
      registries[name] = { 'Error\n    at push (/gone/main.js:1:90)\n    at run (/gone/runner.js:1:1)': ID };
      expect((await report('f (/gone/main.js:3:1)')).debug_meta).toEqual({
        images: [image('/gone/main.js')],
      });
      registries[name] = { ...(registries[name] as object), 'Error\n    at /gone/late.js:1:90': OTHER };
      expect((await report('f (/gone/late.js:3:1)')).debug_meta).toEqual({
        images: [image('/gone/late.js', OTHER)],
      });
    },
  );

  it('are added at once where no file is to be read', () => {
    const { client, event } = sourceFolder({ frameContextLines: 0, sourceMaps: false });
    registries._debugIds = { 'Error\n    at /gone/main.js:1:90': ID };
    client.captureException(errorAt('f (/gone/main.js:3:1)'));
    expect(event().debug_meta).toEqual({ images: [image('/gone/main.js')] });
  });

  it('go beside those that the app gave', async () => {
    const { write, client, event } = sourceFolder();
    const path = write('dist/main.js', `code\n//# debugId=${ID}`);
    const given = [image('/own.js', OTHER), image(path, OTHER)];
    client.captureException(errorAt(`f (${path}:1:1)`), { data: { debug_meta: { images: given } } });
    await client.flush(5000);
    expect(event().debug_meta).toEqual({ images: given });
  });

  it('are none where the registry is no registry', async () => {
    const { report } = sourceFolder();
    const hostile = {
      get x(): string {
        throw new Error('hostile');
      },
      'Error\n    at /gone/main.js:1:90': 'no id',
      '': 5,
    };
    for (const registry of [hostile, 5, null, new Proxy({}, { ownKeys: () => ['a', 'a'] })]) {
      registries._debugIds = registry;
      expect(await report('f (/gone/main.js:3:1)')).not.toHaveProperty('debug_meta');
    }
  });
});
