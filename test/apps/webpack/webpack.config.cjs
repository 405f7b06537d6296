// As Nest's CLI has it: packages stay outside of the bundle. TypeScript's own names of files have to be known.
module.exports = (options) => ({
  ...options,
  resolve: { ...options.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
});
