/**
 * Whether a module asks for a package that is not installed. Nest asks for those of every feature, and expects an
 * error where the app has none of it; a bundler must be told to leave them out.
 */
module.exports = function isMissing(request, folder) {
  if (/^[./]|^node:/.test(request)) return false;
  // For `import` alone; NestJS 11 loads it by a function of its own, where the app checks types of files.
  if (request === 'file-type') return true;
  try {
    require.resolve(request, { paths: [folder] });
    return false;
  } catch (error) {
    // Not so: what may only be imported.
    return error.code === 'MODULE_NOT_FOUND';
  }
};
