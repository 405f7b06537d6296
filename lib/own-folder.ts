/** The folder of this package's code: whatever becomes of its files in a build, this one stays at its top. */
export const OWN_FOLDER = __dirname;
