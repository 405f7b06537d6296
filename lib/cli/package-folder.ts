import { join } from 'node:path';

/** Where the package is installed. Commands are files of their own in it, which no bundler moves. */
export const PACKAGE_FOLDER = join(__dirname, '..', '..');
