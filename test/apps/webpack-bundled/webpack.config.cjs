const isMissing = require('./is-missing.cjs');

// Packages are in the bundle, too.
module.exports = (options, webpack) => ({
  ...options,
  devtool: 'source-map',
  externals: [],
  module: {
    rules: [
      ...options.module.rules,
      // Terminus before 12 requires what a variable names: all its files are taken for code.
      { test: /\.(?:map|ts)$/, include: /node_modules/, type: 'asset/source' },
    ],
  },
  resolve: { ...options.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
  plugins: [
    ...options.plugins,
    new webpack.IgnorePlugin({ checkResource: isMissing }),
    // Terminus 12 has it, and webpack leaves it where it is; in CommonJS it is a syntax error.
    new webpack.DefinePlugin({ 'import.meta.dirname': '__dirname' }),
  ],
});
