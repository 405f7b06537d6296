import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { rspack } from '@rspack/core';
import { transformSync, type JscTarget } from '@swc/core';
import { buildSync, type BuildOptions } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { describe, expect, it } from 'vitest';
import webpack from 'webpack';
import type { StackFrame } from '../../lib/protocol/event';
import { eventIn, told, writeProject } from './support/stack-case';

const require = createRequire(__filename);

const INDEX = `import { Orders } from './orders';

export async function run(): Promise<void> {
  await new Orders().find(17);
}
`;

const ORDERS = `interface Order {
  id: number;
}

export class Orders {
  async find(id: number): Promise<Order> {
    await Promise.resolve();
    return this.load(id);
  }

  private load(id: number): Order {
    throw new Error(\`no order \${id}\`);
  }
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'es2022', module: 'esnext', moduleResolution: 'bundler', sourceMap: true },
  files: ['src/index.ts'],
});

/** What is seen of any build: where the code was written, and by what name. */
const NAMED = ['run src/index.ts:4', '~Orders.find src/orders.ts:8', 'Orders.load src/orders.ts:12'];
/** Where functions that wait are made of others, V8 does not know who waits. */
const AWAITED = ['Orders.<anonymous> src/orders.ts:8', 'Orders.load src/orders.ts:12'];
/** Code in an `eval` has the lines that were made. */
const EVALUATED = ['run src/index.ts:8', '~Orders.find src/orders.ts:8', 'Orders.load src/orders.ts:11'];

function newSources(): string {
  return writeProject({ 'tsconfig.json': TSCONFIG, 'src/index.ts': INDEX, 'src/orders.ts': ORDERS });
}

async function framesOf(build: Build): Promise<StackFrame[]> {
  const folder = newSources();
  await build(folder);
  const options = { sourceMaps: true, frameContextLines: 1 };
  const event = await eventIn(folder, 'dist/index.js', { options });
  return event.exception?.values.at(-1)?.stacktrace?.frames ?? [];
}

function toldHere(frames: StackFrame[]): string[] {
  // What a function is called on differs by how modules find each other.
  return told(frames).map((line) => line.replace(/^(~?)(?:exports|Module|Object)\./, '$1'));
}

/** Makes `dist/` of `src/`. */
type Build = (folder: string) => void | Promise<void>;

type Transpile = (source: string, file: string) => { code: string; map?: string };

/** Each file on its own, as `nest build` does. */
function eachFile(transpile: Transpile): Build {
  return (folder) => {
    mkdirSync(join(folder, 'dist'));
    for (const [name, source] of [
      ['index', INDEX],
      ['orders', ORDERS],
    ]) {
      const { code, map } = transpile(source, join(folder, 'src', `${name}.ts`));
      const isNamed = map === undefined || code.includes('sourceMappingURL');
      writeFileSync(
        join(folder, 'dist', `${name}.js`),
        isNamed ? code : `${code}\n//# sourceMappingURL=${name}.js.map`,
      );
      if (map !== undefined) writeFileSync(join(folder, 'dist', `${name}.js.map`), map);
    }
  };
}

function typescript(target: ScriptTarget, inline = false): Build {
  return eachFile((source, file) => {
    const { outputText, sourceMapText } = transpileModule(source, {
      fileName: basename(file),
      compilerOptions: {
        target,
        module: ModuleKind.CommonJS,
        sourceRoot: '../src',
        ...(inline ? { inlineSourceMap: true, inlineSources: true } : { sourceMap: true }),
      },
    });
    return { code: outputText, map: sourceMapText };
  });
}

function swc(target: JscTarget, minify = false): Build {
  return eachFile((source, file) =>
    transformSync(source, {
      filename: file,
      sourceFileName: `../src/${basename(file)}`,
      sourceMaps: true,
      swcrc: false,
      minify,
      module: { type: 'commonjs' },
      jsc: {
        parser: { syntax: 'typescript' },
        target,
        ...(minify && { minify: { mangle: true, compress: true } }),
      },
    }),
  );
}

function esbuild(options: BuildOptions): Build {
  return (folder) => {
    buildSync({
      absWorkingDir: folder,
      entryPoints: options.bundle ? ['src/index.ts'] : ['src/index.ts', 'src/orders.ts'],
      outdir: 'dist',
      platform: 'node',
      format: 'cjs',
      sourcemap: true,
      logLevel: 'silent',
      ...options,
    });
  };
}

/** With the options that webpack and rspack share. */
function bundlerOptions(folder: string, devtool: string, minimize: boolean) {
  return {
    context: folder,
    mode: minimize ? ('production' as const) : ('none' as const),
    target: 'node' as const,
    devtool,
    entry: './src/index.ts',
    output: { path: join(folder, 'dist'), filename: 'index.js', library: { type: 'commonjs2' } },
    resolve: { extensions: ['.ts', '.js'] },
    optimization: { minimize, moduleIds: minimize ? ('deterministic' as const) : ('named' as const) },
    infrastructureLogging: { level: 'none' as const },
  };
}

function withWebpack(devtool: string, minimize = false): Build {
  return async (folder) => {
    const compiler = webpack({
      ...bundlerOptions(folder, devtool, minimize),
      module: {
        rules: [
          {
            test: /\.ts$/,
            loader: require.resolve('ts-loader'),
            options: { transpileOnly: true },
          },
        ],
      },
    });
    await ended(compiler);
  };
}

function withRspack(devtool: string, minimize = false): Build {
  return async (folder) => {
    const compiler = rspack({
      ...bundlerOptions(folder, devtool, minimize),
      module: {
        rules: [
          {
            test: /\.ts$/,
            loader: 'builtin:swc-loader',
            options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
          },
        ],
      },
    } as Parameters<typeof rspack>[0]);
    await ended(compiler as Compiler);
  };
}

interface Compiler {
  run(
    done: (error: Error | null | undefined, stats?: { hasErrors(): boolean; toString(): string }) => void,
  ): void;
}

function ended(compiler: Compiler): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error ?? stats?.hasErrors()) reject(error ?? new Error(stats?.toString()));
      else resolve();
    });
  });
}

const BUILDS: [name: string, build: Build, frames: string[]][] = [
  ['TypeScript', typescript(ScriptTarget.ES2022), NAMED],
  ['TypeScript with the map in the file', typescript(ScriptTarget.ES2022, true), NAMED],
  [
    'TypeScript without async functions',
    typescript(ScriptTarget.ES2015),
    ['fulfilled dist/orders.js:5', 'Generator.next <anonymous> -', ...AWAITED],
  ],
  [
    'TypeScript without generators',
    typescript(ScriptTarget.ES5),
    ['fulfilled dist/orders.js:5', 'next dist/orders.js:14', 'step dist/orders.js:33', ...AWAITED],
  ],
  ['swc', swc('es2022'), NAMED],
  [
    'swc without async functions',
    swc('es5'),
    [
      '_next dist/orders.js:28',
      'asyncGeneratorStep dist/orders.js:13',
      '<anonymous> dist/orders.js:77',
      'step dist/orders.js:136',
      ...AWAITED,
    ],
  ],
  [
    'swc, minified',
    swc('es2022', true),
    ['r src/index.ts:4', '~e.find src/orders.ts:8', 'e.load src/orders.ts:12'],
  ],
  ['esbuild', esbuild({}), NAMED],
  ['esbuild, bundled', esbuild({ bundle: true }), NAMED],
  ['esbuild, bundled, the map in the file', esbuild({ bundle: true, sourcemap: 'inline' }), NAMED],
  [
    'esbuild, bundled and minified',
    esbuild({ bundle: true, minify: true }),
    ['w src/index.ts:4', '~i.find src/orders.ts:8', 'i.load src/orders.ts:12'],
  ],
  [
    'esbuild without async functions',
    esbuild({ bundle: true, target: 'es2016' }),
    ['fulfilled dist/index.js:22', 'Generator.next <anonymous> -', ...AWAITED],
  ],
  ['webpack', withWebpack('source-map'), NAMED],
  ['webpack with the map in the file', withWebpack('inline-source-map'), NAMED],
  [
    'webpack, minified',
    withWebpack('source-map', true),
    ['t src/index.ts:3', '~o.find src/orders.ts:8', 'o.load src/orders.ts:12'],
  ],
  ['webpack, maps hidden', withWebpack('hidden-source-map'), NAMED],
  ['rspack', withRspack('source-map'), NAMED],
  [
    'rspack, minified',
    withRspack('source-map', true),
    ['t src/index.ts:4', '~o.find src/orders.ts:8', 'o.load src/orders.ts:12'],
  ],
];

describe('the stack of code that was built by', () => {
  it.each(BUILDS)('%s', async (_name, build, expected) => {
    const frames = await framesOf(build);
    expect(toldHere(frames)).toEqual(expected);
    expect(frames.at(-1)?.context_line).toBe('    throw new Error(`no order ${id}`);');
  });

  const evaluated: [name: string, build: Build][] = [
    ['webpack in eval', withWebpack('eval')],
    ['webpack in eval, with maps', withWebpack('eval-source-map')],
    ['rspack in eval, with maps', withRspack('eval-source-map')],
  ];
  it.each(evaluated)('%s', async (_name, build) => {
    const frames = await framesOf(build);
    expect(toldHere(frames)).toEqual(EVALUATED);
    // A line of the source would be another one.
    expect(frames.at(-1)?.context_line).toBeUndefined();
  });
});

describe('frames of Nest in a bundle', () => {
  it('are collapsed once their names are known', async () => {
    const folder = newSources();
    const nest = 'export const down = (call, left) => (left === 0 ? call() : down(call, left - 1));';
    mkdirSync(join(folder, 'node_modules/@nestjs/core'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/@nestjs/core/index.js'), nest);
    const calls = `import { down } from '@nestjs/core';\nexport function run() { down(function handle() { throw new Error('m'); }, 4); }`;
    writeFileSync(join(folder, 'src/index.ts'), calls);
    await esbuild({ bundle: true })(folder);
    const frames = async (collapseFrames: boolean): Promise<string[]> => {
      const options = { sourceMaps: true, frameContextLines: 1, collapseFrames };
      const event = await eventIn(folder, 'dist/index.js', { options });
      return toldHere(event.exception?.values.at(-1)?.stacktrace?.frames ?? []);
    };
    const inNest = 'down node_modules/@nestjs/core/index.js:1 -';
    const [outer, inner] = ['run src/index.ts:2', 'handle src/index.ts:2'];
    expect(await frames(true)).toEqual([outer, inNest, inNest, inner]);
    expect(await frames(false)).toEqual([outer, inNest, inNest, inNest, inNest, inNest, inner]);
  });
});
