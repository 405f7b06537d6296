// Without Nest's CLI, which has no rspack before 12: everything in one file.
const { rspack } = require('@rspack/core');
const isMissing = require('./is-missing.cjs');

const typescript = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
  },
};

rspack(
  {
    context: __dirname,
    entry: './src/main.ts',
    target: 'node',
    mode: 'none',
    output: { filename: 'main.js' },
    resolve: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
    module: {
      rules: [
        { test: /\.ts$/, exclude: /node_modules/, loader: 'builtin:swc-loader', options: typescript },
        // Terminus before 12 requires what a variable names: all its files are taken for code.
        { test: /\.(?:map|ts)$/, include: /node_modules/, type: 'asset/source' },
      ],
    },
    node: { __dirname: false, __filename: false },
    ignoreWarnings: [/Critical dependency/],
    plugins: [
      new rspack.IgnorePlugin({ checkResource: isMissing }),
      // Terminus 12 has it, and rspack leaves it where it is; in CommonJS it is a syntax error.
      new rspack.DefinePlugin({ 'import.meta.dirname': '__dirname' }),
    ],
  },
  (error, stats) => {
    if (!error && !stats.hasErrors()) return;
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exitCode = 1;
  },
);
