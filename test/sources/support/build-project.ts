import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rspack } from '@rspack/core';
import { transformFileSync } from '@swc/core';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { webpack, type Configuration } from 'webpack';

/** The files of a small project; the lines that throw and call are marked. */
export const FILES = {
  'src/orders.service.ts': `import { refuse } from 'some-lib';
import type { Order } from './order';

export class Orders {
  private readonly orders: Order[] = [];

  find(id: number): Order {
    const order = this.orders.find((candidate) => candidate.id === id);
    if (!order) throw missing(id);
    return order;
  }

  refuse(): never {
    return refuse('order');
  }

  // Used twice, so that no minifier puts it in the place of its call.
  cancel(id: number): never {
    throw missing(-id);
  }
}

function missing(orderId: number): Error {
  const shown: string = \`#\${orderId}\`;
  const apiKey: string = 'live-4711';
  return new Error(\`no order \${shown} \${apiKey.length}\`); // here
}
`,
  'src/order.ts': `export interface Order {
  id: number;
}
`,
  'src/main.ts': `import { Orders } from './orders.service';

export function findOrder(): unknown {
  return new Orders().find(7);
}

export function cancelOrder(): never {
  return new Orders().cancel(7);
}

export function refuseOrder(): never {
  return new Orders().refuse();
}
`,
  'tsconfig.json': '{ "files": ["src/main.ts"] }',
  'node_modules/some-lib/package.json': '{ "name": "some-lib", "version": "1.0.0", "main": "index.js" }',
  'node_modules/some-lib/index.js': `'use strict';
exports.refuse = function refuse(what) {
  throw new Error('refused: ' + what);
};
`,
} as const;

const ROOT = join(__dirname, '../../..');

/** This package, to be required by a process: translated only, which is fast. */
export function buildLibrary(folder: string): void {
  const lib = join(ROOT, 'lib');
  buildSync({
    entryPoints: readdirSync(lib, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(lib, name)),
    outdir: folder,
    format: 'cjs',
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.json'),
  });
  write(join(folder, 'package.json'), '{ "type": "commonjs" }');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Writes the project and builds it in every way. @returns the built program of each, by the name of the build */
export async function buildProject(folder: string): Promise<Record<string, string>> {
  for (const [name, text] of Object.entries(FILES)) write(join(folder, name), text);
  const entry = join(folder, 'src/main.ts');
  const dist = (name: string): string => join(folder, `dist-${name}`, 'main.js');
  const built: Record<string, string> = {};

  for (const [name, options] of [
    ['tsc', { sourceMap: true }],
    ['tsc-inline', { inlineSourceMap: true, inlineSources: true }],
  ] as const) {
    built[name] = dist(name);
    for (const file of ['main', 'orders.service']) {
      const output = ts.transpileModule(readFileSync(join(folder, `src/${file}.ts`), 'utf8'), {
        fileName: `../src/${file}.ts`,
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, ...options },
      });
      const path = join(folder, `dist-${name}`, `${file}.js`);
      // Transpiled alone, a file is named without its folder.
      const withFolder = (map: string): string =>
        map.replace(`"sources":["${file}.ts"]`, `"sources":["../src/${file}.ts"]`);
      const inlined = output.outputText.replace(
        /(;base64,)(.+)$/,
        (_, head: string, body: string) =>
          head + Buffer.from(withFolder(Buffer.from(body, 'base64').toString('utf8'))).toString('base64'),
      );
      write(path, inlined);
      if (output.sourceMapText) write(`${path}.map`, withFolder(output.sourceMapText));
    }
  }

  built.swc = dist('swc');
  for (const file of ['main', 'orders.service']) {
    const path = join(folder, 'dist-swc', `${file}.js`);
    const { code, map } = transformFileSync(join(folder, `src/${file}.ts`), {
      swcrc: false,
      sourceMaps: true,
      sourceFileName: `../src/${file}.ts`,
      module: { type: 'commonjs' },
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    });
    write(path, `${code}\n//# sourceMappingURL=${file}.js.map`);
    write(`${path}.map`, map ?? '');
  }

  for (const [name, options] of [
    ['esbuild', { sourcemap: true }],
    ['esbuild-minified', { sourcemap: 'inline', minify: true, keepNames: false }],
  ] as const) {
    built[name] = dist(name);
    buildSync({
      entryPoints: [entry],
      outfile: built[name],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      absWorkingDir: folder,
      ...options,
    });
  }
  built.sections = dist('sections');
  joinInSections(built.esbuild, built.sections);

  const bundle = (name: string, devtool: string, mode: string, loader: object): Configuration => ({
    context: folder,
    entry,
    target: 'node',
    mode: mode as 'production',
    devtool: devtool as 'source-map',
    resolve: { extensions: ['.ts', '.js'] },
    module: { rules: [{ test: /\.ts$/, ...loader }] },
    output: {
      path: dirname((built[name] = dist(name))),
      filename: 'main.js',
      library: { type: 'commonjs2' },
      devtoolNamespace: 'shop',
    },
  });
  const tsLoader = {
    loader: require.resolve('ts-loader'),
    options: {
      transpileOnly: true,
      compilerOptions: { sourceMap: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022' },
    },
  };
  const swcLoader = {
    loader: 'builtin:swc-loader',
    options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
  };
  await Promise.all([
    ...(
      [
        ['webpack', 'inline-source-map', 'development'],
        ['webpack-minified', 'source-map', 'production'],
        ['webpack-hidden', 'hidden-source-map', 'production'],
      ] as const
    ).map(([name, devtool, mode]) => run(webpack(bundle(name, devtool, mode, tsLoader)))),
    ...(
      [
        ['rspack', 'source-map', 'development'],
        ['rspack-minified', 'source-map', 'production'],
      ] as const
    ).map(([name, devtool, mode]) =>
      run(rspack(bundle(name, devtool, mode, swcLoader) as Parameters<typeof rspack>[0])),
    ),
  ]);
  return built;
}

/** One file with the bundle far down in it, by an index map. */
function joinInSections(bundle: string, path: string): void {
  const code = readFileSync(bundle, 'utf8').replace(/\/\/# sourceMappingURL.*/, '');
  const map: unknown = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
  const empty = { version: 3, sources: [], names: [], mappings: '' };
  write(
    path,
    `'use strict';\n// joined\n${code}\n//# sourceMappingURL=${relative(dirname(path), `${path}.map`)}\n`,
  );
  write(
    `${path}.map`,
    JSON.stringify({
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: empty },
        { offset: { line: 2, column: 0 }, map },
      ],
    }),
  );
}

interface Compiler {
  run(done: (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void): void;
  close(done: () => void): void;
}

function run(compiler: unknown): Promise<void> {
  const runnable = compiler as Compiler;
  return new Promise((resolve, reject) => {
    runnable.run((error, stats) => {
      const failure = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined);
      runnable.close(() => (failure ? reject(failure) : resolve()));
    });
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
