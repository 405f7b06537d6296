import { join } from 'node:path';

/**
 * The file that this package's code runs from: one of its own, or one of the app's, into which a bundler has put it. In a
 * bundle of ES modules no code knows its file; then it is the program.
 */
export const THIS_FILE =
  typeof __filename === 'string' ? __filename : (process.argv[1] ?? join(process.cwd(), 'package.json'));
