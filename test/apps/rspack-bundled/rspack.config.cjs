const isMissing = require('./is-missing.cjs');

// Packages are in the bundle, too. What is CommonJS in it requires Node's own modules, which the CLI has imported: then
// `require('events')` is no class.
module.exports = (options, rspack) => ({
  ...options,
  devtool: 'source-map',
  externals: [],
  externalsPresets: { node: true },
  plugins: [...options.plugins, new rspack.IgnorePlugin({ checkResource: isMissing })],
});
