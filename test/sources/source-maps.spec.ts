import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SourceMap } from '../../lib/sources/source-map';
import { inlined, mapOf, type Mapping } from './support/map-text';
import { numbered, sourceFolder, type SourceFolder } from './support/source-folder';

/** The first line is the tenth of the source, which is at its fifth column. */
const TENTH: Mapping[][] = [[[0, 0, 9, 4]]];
const SOURCE = numbered(20);
const WRITTEN = { filename: 'src/a.ts', module: 'src.a', lineno: 10, colno: 5, in_app: true };

describe('a frame of generated code', () => {
  it('is shown as what was written: by a map in the file, with its text', async () => {
    const { root, write, frames } = sourceFolder();
    const map = mapOf(TENTH, ['../src/a.ts'], { sourcesContent: [SOURCE] });
    const path = write('dist/a.js', `code\n${inlined(map)}`);
    expect(await frames(`A.f (${path}:1:2)`)).toMatchObject([
      { ...WRITTEN, abs_path: join(root, 'src/a.ts'), function: 'A.f', context_line: 'line 10' },
    ]);
  });

  it('is so by a map that is percent-encoded', async () => {
    const { write, frames } = sourceFolder();
    const json = encodeURIComponent(JSON.stringify(mapOf(TENTH, ['../src/a.ts'])));
    const path = write('dist/a.js', `code\n//# sourceMappingURL=data:application/json,${json}`);
    expect(await frames(`f (${path}:1:2)`)).toMatchObject([WRITTEN]);
  });

  it.each([
    '//# sourceMappingURL=maps/a.map',
    '//@ sourceMappingURL=maps/a.map',
    '/*# sourceMappingURL=maps/a.map */',
    '//# sourceMappingURL=other.map\n//# sourceMappingURL=maps/a.map\n\n',
    '//# sourceMappingURL=maps/a.map\nconst text = "\\n//# sourceMappingURL=" + name;',
    '//# sourceMappingURL=./maps/a.map\r\n//# debugId=6f8a1c52-8e0b-4b7c-9f0e-1234567890ab',
  ])('is so by the map that the file names last: %j', async (comment) => {
    const { write, frames } = sourceFolder();
    const path = write('dist/a.js', `code\n${comment}`);
    write('src/a.ts', SOURCE);
    write('dist/maps/a.map', JSON.stringify(mapOf(TENTH, ['../../src/a.ts'])));
    expect(await frames(`f (${path}:1:2)`)).toMatchObject([{ ...WRITTEN, context_line: 'line 10' }]);
  });

  it('is so by the map beside a file that names none, unless it is that of another', async () => {
    const { write, frames } = sourceFolder();
    const path = write('dist/a.js', 'code');
    const other = write('dist/b.js', 'code');
    write('dist/a.js.map', JSON.stringify(mapOf(TENTH, ['../src/a.ts'], { file: 'a.js' })));
    write('dist/b.js.map', JSON.stringify(mapOf(TENTH, ['../src/a.ts'], { file: 'c.js' })));
    expect(await frames(`f (${other}:1:2)`, `f (${path}:1:2)`)).toMatchObject([
      WRITTEN,
      { filename: 'dist/b.js', lineno: 1, context_line: 'code' },
    ]);
  });

  it('is as it is without sourceMaps', async () => {
    const { write, frames } = sourceFolder({ sourceMaps: false });
    const path = write('dist/a.js', `code\n${inlined(mapOf(TENTH, ['../src/a.ts']))}`);
    expect(await frames(`f (${path}:1:2)`)).toMatchObject([{ filename: 'dist/a.js', context_line: 'code' }]);
  });

  it('is as it is where it is a package’s', async () => {
    const { write, frames } = sourceFolder();
    const path = write('node_modules/lib/a.js', `code\n${inlined(mapOf(TENTH, ['../src/a.ts']))}`);
    // Before it stands the stack of this call, since it has no frame of the app itself.
    const thrown = (await frames(`f (${path}:1:2)`)).at(-1);
    expect(thrown).toMatchObject({ filename: 'node_modules/lib/a.js', in_app: false, context_line: 'code' });
  });

  it.each([
    ['webpack://shop/./src/a.ts', 'src/a.ts', true],
    ['webpack:///./src/a.ts?1a2b', 'src/a.ts', true],
    ['rspack://shop/src/a.ts', 'src/a.ts', true],
    ['webpack://shop/./node_modules/@acme/lib/a.js', 'node_modules/@acme/lib/a.js', false],
    ['../node_modules/lib/a.js', 'node_modules/lib/a.js', false],
    ['webpack://shop/webpack/bootstrap', 'webpack/bootstrap', false],
    ['webpack://shop/webpack/runtime/make namespace object', 'webpack/runtime/make namespace object', false],
    ['webpack://shop/external commonjs "express"', 'external commonjs "express"', false],
  ])('is named without what a bundler put before: %s', async (source, filename, in_app) => {
    const { write, frames } = sourceFolder();
    const map = mapOf(TENTH, [source], { sourcesContent: [SOURCE] });
    const path = write('dist/main.js', `code\n${inlined(map)}`);
    expect(await frames(`f (${path}:1:2)`)).toMatchObject([{ filename, in_app, context_line: 'line 10' }]);
  });

  it('keeps its place where the map is broken, of another build, or hostile', async () => {
    const { write, frames } = sourceFolder();
    const section = (line: unknown, column: unknown, map: unknown): object => ({
      offset: { line, column },
      map,
    });
    const maps: object[] = [
      {},
      { version: 3, mappings: 5, sources: {} },
      { version: 3, mappings: '!!!,💥;', sources: ['a.ts'] },
      { version: 3, mappings: ';'.repeat(2_000_000), sources: ['a.ts'] },
      mapOf([[[0, 7, 0, 0]]], ['a.ts']),
      mapOf([[[0, 0, 900, 0]]], ['a.ts'], { sourcesContent: [SOURCE] }),
      mapOf([[[0, 0, 0, 900]]], ['a.ts'], { sourcesContent: [SOURCE] }),
      mapOf(TENTH, ['https://example.com/a.ts']),
      mapOf(TENTH, ['']),
      { version: 3, sections: 'x' },
      {
        version: 3,
        sections: [null, section(-1, 0, {}), section('0', {}, {}), section(0, 0, { sections: [] })],
      },
      { version: 3, sections: [section(4_000_000_000, 0, mapOf(TENTH, ['a.ts']))] },
    ];
    const paths = maps.map((map, index) => write(`dist/${index}.js`, `code\n${inlined(map)}`));
    paths.push(write('dist/x.js', 'code\n//# sourceMappingURL=data:application/json;base64,e30'));
    paths.push(write('dist/y.js', 'code\n//# sourceMappingURL=https://example.com/y.js.map'));
    paths.push(write('dist/z.js', 'code\n//# sourceMappingURL=z.js'));
    for (const path of paths) {
      expect(await frames(`f (${path}:1:2)`)).toMatchObject([
        { abs_path: path, lineno: 1, colno: 2, context_line: 'code' },
      ]);
    }
  });

  it('shows no file but code, whatever its map says', async () => {
    const { write, frames } = sourceFolder();
    write('secrets.env', SOURCE);
    for (const source of ['../secrets.env', '../../../../../../etc/passwd', '//server/share/a.ts']) {
      const path = write('dist/a.js', `code\n${inlined(mapOf([[[0, 0, 0, 0]]], [source]))}`);
      const [frame] = await frames(`f (${path}:1:2)`);
      expect(frame).toMatchObject({ lineno: 1, colno: 1 });
      expect(frame).not.toHaveProperty('context_line');
    }
  });

  it('is that of its section in an index map', async () => {
    const { write, frames } = sourceFolder();
    const map = {
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: mapOf([[[0, 0, 0, 0]]], ['src/first.ts']) },
        { offset: { line: 1, column: 10 }, map: mapOf(TENTH, ['src/second.ts']) },
      ],
    };
    const path = write('main.js', `one\n${' '.repeat(20)}\n${inlined(map)}`);
    expect(await frames(`f (${path}:1:2)`, `g (${path}:2:12)`)).toMatchObject([
      { filename: 'src/second.ts', lineno: 10 },
      { filename: 'src/first.ts', lineno: 1 },
    ]);
  });

  it('has the original name of a minified function, where its caller calls that by it', async () => {
    const { write, frames } = sourceFolder();
    const text = 'load(findOrder(7));\nthrow broken;';
    const mappings: Mapping[][] = [
      [
        [0, 0, 0, 5, 0],
        [10, 0, 1, 0],
        [20, 0, 0, 0, 1],
      ],
    ];
    const map = mapOf(mappings, ['src/a.ts'], { sourcesContent: [text], names: ['findOrder', 'order'] });
    const path = write('main.js', `${'x'.repeat(40)}\n${inlined(map)}`);
    const at = (name: string, column: number): string => `${name} (${path}:1:${column})`;
    const namesOf = async (...stack: string[]): Promise<unknown> =>
      (await frames(...stack)).map((frame) => frame.function);
    expect(await namesOf(at('t', 11), at('main', 1))).toEqual(['main', 'findOrder']);
    expect(await namesOf(at('Orders.find', 11), at('main', 1))).toEqual(['main', 'Orders.find']);
    expect(await namesOf(at('t', 11), at('main', 21))).toEqual(['main', 't']);
  });
});

describe('a stack that was mapped already', () => {
  it('keeps its places and gets its lines', async () => {
    const { write, frames } = sourceFolder();
    const path = write('src/a.ts', SOURCE);
    expect(await frames(`f (${path}:7:2)`, `g (file://${path}:8:2)`)).toMatchObject([
      { filename: 'src/a.ts', lineno: 8, context_line: 'line 8' },
      { filename: 'src/a.ts', lineno: 7, context_line: 'line 7' },
    ]);
  });

  it('finds the source of a bundler’s name below the root', async () => {
    const { root, write, frames } = sourceFolder();
    const abs_path = write('src/a.ts', SOURCE);
    expect(root).not.toBe('');
    expect(await frames('f (webpack://shop/./src/a.ts:7:2)')).toMatchObject([
      { filename: 'src/a.ts', abs_path, module: 'src.a', in_app: true, lineno: 7, context_line: 'line 7' },
    ]);
  });

  it('finds it in a map that is known', async () => {
    const { write, frames } = sourceFolder();
    const map = mapOf(TENTH, ['webpack://shop/./src/a.ts'], { sourcesContent: [SOURCE] });
    const path = write('dist/main.js', `code\n${inlined(map)}`);
    expect(await frames('f (webpack://shop/src/a.ts:7:2)', `f (${path}:1:1)`)).toMatchObject([
      { lineno: 10 },
      { filename: 'src/a.ts', lineno: 7, context_line: 'line 7' },
    ]);
  });
});

describe('a source map', () => {
  it('traces every position to the last mapping before it', () => {
    const mapping = fc.record({ column: fc.nat(200), line: fc.nat(50), original: fc.nat(80) });
    const lines = fc.array(fc.uniqueArray(mapping, { selector: ({ column }) => column, maxLength: 8 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lines, fc.nat(5), fc.nat(220), (given, line, column) => {
        const sorted = given.map((entries) => [...entries].sort((a, b) => a.column - b.column));
        const map = SourceMap.parse(
          JSON.stringify(
            mapOf(
              sorted.map((entries) =>
                entries.map((entry): Mapping => [entry.column, 0, entry.line, entry.original]),
              ),
              ['a.ts'],
            ),
          ),
        );
        const expected = sorted[line]?.findLast((entry) => entry.column <= column);
        expect(map?.trace(line + 1, column + 1)).toEqual(
          expected && { source: 'a.ts', line: expected.line + 1, column: expected.original + 1 },
        );
      }),
    );
  });

  it('never throws, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            version: fc.constant(3),
            sources: fc.oneof(fc.array(fc.oneof(fc.string(), fc.jsonValue())), fc.jsonValue()),
            names: fc.jsonValue(),
            mappings: fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9+/,;]{0,60}$/), fc.jsonValue()),
            sourcesContent: fc.jsonValue(),
            sections: fc.jsonValue(),
          },
          { requiredKeys: ['mappings', 'sources'] },
        ),
        fc.integer(),
        fc.option(fc.integer(), { nil: undefined }),
        (map, line, column) => {
          const traced = SourceMap.parse(JSON.stringify(map))?.trace(line, column);
          if (traced) expect(traced.line).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('a frame that Node has mapped by the map of a package', () => {
  // As typeorm's maps do: from where its sources were when it was built.
  const MAP = mapOf(TENTH, ['../../src/orm/Query.ts'], { sourcesContent: [SOURCE] });

  /** A package that is loaded, and what a stack then says of it. */
  function mappedPackage(): { folder: SourceFolder; frame: string } {
    const folder = sourceFolder();
    folder.write('node_modules/orm/Query.js.map', JSON.stringify(MAP));
    const path = folder.write('node_modules/orm/Query.js', '\n//# sourceMappingURL=Query.js.map');
    const require = createRequire(path);
    require(path);
    onTestFinished(() => void delete require.cache[path]);
    return { folder, frame: `Query.run (${join(folder.root, 'src/orm/Query.ts')}:10:5)` };
  }

  it('is the package’s, although its path is that of no file', async () => {
    const { folder, frame } = mappedPackage();
    const own = folder.write('src/main.ts', SOURCE);
    const frames = await folder.frames(frame, `main (${own}:3:1)`);
    expect(frames).toMatchObject([
      { filename: 'src/main.ts', in_app: true },
      {
        function: 'Query.run',
        filename: 'node_modules/orm/src/orm/Query.ts',
        module: 'orm/src/orm/Query',
        in_app: false,
        lineno: 10,
        context_line: 'line 10',
      },
    ]);
  });

  it('is the app’s where the app’s own file is there', async () => {
    const { folder, frame } = mappedPackage();
    const own = folder.write('src/orm/Query.ts', SOURCE);
    expect((await folder.frames(frame)).at(-1)).toMatchObject({ abs_path: own, in_app: true });
  });

  it('is the app’s where no package has a source of that path', async () => {
    const { folder } = mappedPackage();
    const elsewhere = join(folder.root, 'src/other/Query.ts');
    expect((await folder.frames(`f (${elsewhere}:10:5)`)).at(-1)).toMatchObject({
      filename: 'src/other/Query.ts',
      in_app: true,
    });
  });
});
