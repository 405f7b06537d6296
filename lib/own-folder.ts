import { basename, dirname } from 'node:path';
import { THIS_FILE } from './this-file';

/** As it is written, and as it is built. */
const OWN_FILES = /^(?:this-file\.[jt]s|nestjs-raven\.js)$/;

/**
 * The folder of this package's code: whatever becomes of its files in a build, this one stays at its top. Undefined
 * where a bundler has put the code into a file of the app's: that file's folder is the app's.
 */
export const OWN_FOLDER = OWN_FILES.test(basename(THIS_FILE)) ? dirname(THIS_FILE) : undefined;
