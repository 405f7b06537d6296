// The list that docs/versions.md is made of.

/** The major versions of Node that the package supports. */
export const NODES = ['20', '22', '24'];

/** What runs the tests does not look at types. */
const TYPES_ONLY = ['tsc', '-p', '.', '--noEmit'];

/**
 * Ways to build, run and test an app. `layers` are folders of test/apps, laid over `app` one after another; `needs` are
 * tools out of the devDependencies of the NestJS version; an app that `isAlone` is run where no package is installed.
 * `onEveryChange` has the versions of NestJS that a way is for, each with the versions of Node it is tried on by
 * `.ci/run`: a spread, in which each way, each NestJS and each Node is. `--all` tries all of them on all of `NODES`, or
 * on those that a way `runsOn`.
 */
export const WAYS = [
  {
    name: 'tsc-esm',
    is: 'ES modules, `module: nodenext`, built by tsc',
    layers: ['esm', 'tsc-esm'],
    build: ['tsc', '-p', '.'],
    start: ['dist/main.js'],
    onEveryChange: { 10: [], 11: [], 12: ['20', '22', '24'] },
  },
  {
    name: 'tsc-bundler',
    is: 'ES modules, `moduleResolution: bundler`, built by tsc, on Fastify',
    layers: ['esm', 'tsc-bundler'],
    build: ['tsc', '-p', '.'],
    start: ['dist/main.js'],
    onEveryChange: { 11: [], 12: ['22'] },
  },
  {
    name: 'tsc-nodenext',
    is: 'CommonJS, `module: nodenext`, built by tsc',
    layers: ['commonjs', 'tsc-nodenext'],
    build: ['tsc', '-p', '.'],
    start: ['dist/main.js'],
    onEveryChange: { 10: ['20', '24'], 11: [], 12: ['20'] },
  },
  {
    name: 'tsc-node10',
    is: 'CommonJS, `moduleResolution: node10`, built by tsc',
    layers: ['commonjs', 'tsc-node10'],
    build: ['tsc', '-p', '.'],
    start: ['dist/main.js'],
    onEveryChange: { 10: [], 11: ['20', '22', '24'] },
  },
  {
    name: 'swc-esm',
    is: 'ES modules, built by `nest build -b swc`',
    layers: ['esm', 'swc'],
    needs: ['@nestjs/cli', '@swc/cli', '@swc/core'],
    build: ['nest', 'build', '-b', 'swc'],
    start: ['dist/main.js'],
    onEveryChange: { 12: ['24'] },
  },
  {
    name: 'swc-commonjs',
    is: 'CommonJS, built by `nest build -b swc`',
    layers: ['commonjs', 'swc'],
    needs: ['@nestjs/cli', '@swc/cli', '@swc/core'],
    build: ['nest', 'build', '-b', 'swc'],
    start: ['dist/main.js'],
    onEveryChange: { 10: [], 11: ['22'], 12: [] },
  },
  {
    name: 'webpack',
    is: 'CommonJS, built by `nest build --webpack`',
    layers: ['commonjs', 'webpack'],
    needs: ['@nestjs/cli', ...webpackOfNest12()],
    build: ['nest', 'build', '--webpack', '--webpackPath', 'webpack.config.cjs'],
    start: ['dist/main.js'],
    hasNoSourceMaps: true,
    onEveryChange: { 10: [], 11: ['24'], 12: [] },
  },
  {
    name: 'webpack-bundled',
    is: 'CommonJS, one file with all packages, built by `nest build --webpack`',
    layers: ['commonjs', 'bundled', 'webpack-bundled'],
    needs: ['@nestjs/cli', ...webpackOfNest12()],
    build: ['nest', 'build', '--webpack', '--webpackPath', 'webpack.config.cjs'],
    start: ['dist/main.js'],
    isAlone: true,
    onEveryChange: { 10: [], 11: ['20'], 12: ['22'] },
  },
  {
    name: 'rspack',
    is: 'ES modules, built by `nest build -b rspack`',
    layers: ['esm', 'rspack'],
    needs: ['@nestjs/cli', '@rspack/core', ...webpackOfNest12()],
    build: ['nest', 'build', '-b', 'rspack'],
    start: ['dist/main.js'],
    onEveryChange: { 12: [] },
  },
  {
    name: 'rspack-bundled',
    is: 'ES modules, one file with all packages, built by `nest build -b rspack`',
    layers: ['esm', 'bundled', 'rspack-bundled'],
    needs: ['@nestjs/cli', '@rspack/core', ...webpackOfNest12()],
    build: ['nest', 'build', '-b', 'rspack', '--rspackPath', 'rspack.config.cjs'],
    start: ['dist/main.js'],
    isAlone: true,
    onEveryChange: { 12: ['24'] },
  },
  {
    name: 'rspack-commonjs',
    is: 'CommonJS, one file with all packages, built by rspack itself',
    layers: ['commonjs', 'bundled', 'rspack-commonjs'],
    needs: ['@rspack/core'],
    build: ['node', 'build.cjs'],
    start: ['dist/main.js'],
    hasNoSourceMaps: true,
    isAlone: true,
    onEveryChange: { 10: [], 11: [], 12: [] },
  },
  {
    name: 'tsx',
    is: 'ES modules, run by tsx as they are written',
    layers: ['esm', 'tsx'],
    needs: ['tsx'],
    start: ['--import', 'tsx/esm', 'src/main.ts'],
    onEveryChange: { 10: [], 11: [], 12: ['24'] },
  },
  {
    name: 'jest-commonjs',
    is: 'CommonJS, tested by Jest with ts-jest',
    layers: ['commonjs', 'tested', 'jest-commonjs'],
    needs: ['@nestjs/testing', '@types/jest', 'jest', 'ts-jest'],
    build: TYPES_ONLY,
    test: ['node_modules/jest/bin/jest.js'],
    onEveryChange: { 10: [], 11: ['22'] },
  },
  {
    name: 'jest-commonjs-vm',
    is: 'CommonJS, tested by Jest with ts-jest and `--experimental-vm-modules`',
    layers: ['commonjs', 'tested', 'jest-commonjs'],
    needs: ['@nestjs/testing', '@types/jest', 'jest', 'ts-jest'],
    build: TYPES_ONLY,
    test: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    runsOn: ['24'],
    onEveryChange: { 12: [] },
  },
  {
    name: 'jest-esm',
    is: 'ES modules, tested by Jest with ts-jest and `--experimental-vm-modules`',
    layers: ['esm', 'tested', 'jest-esm'],
    needs: ['@nestjs/testing', '@types/jest', 'jest', 'ts-jest'],
    build: TYPES_ONLY,
    test: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    onEveryChange: { 10: [], 11: [], 12: ['20'] },
  },
  {
    name: 'vitest',
    is: 'ES modules, tested by Vitest',
    layers: ['esm', 'tested', 'vitest'],
    needs: ['@nestjs/testing', 'vitest'],
    test: ['node_modules/vitest/vitest.mjs', 'run'],
    onEveryChange: { 10: [], 11: [], 12: ['24'] },
  },
  {
    name: 'node-test',
    is: 'ES modules, built by tsc, tested by `node --test`',
    layers: ['esm', 'tested', 'node-test'],
    needs: ['@nestjs/testing'],
    build: ['tsc', '-p', '.'],
    test: ['--test', 'dist/app.spec.js', 'dist/payments.spec.js'],
    onEveryChange: { 10: ['22'], 11: [], 12: ['20'] },
  },
];

/** The CLI of NestJS 12 leaves these to the app; those before bring them along. */
function webpackOfNest12() {
  return [
    'fork-ts-checker-webpack-plugin',
    'ts-loader',
    'tsconfig-paths-webpack-plugin',
    'webpack',
    'webpack-node-externals',
  ];
}
