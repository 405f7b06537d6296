import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where things stand; `WORK` is ignored by git and may be removed any time. */
export const BENCH = fileURLToPath(new URL('..', import.meta.url));
export const ROOT = join(BENCH, '..');
export const WORK = join(BENCH, '.work');
export const SUBJECTS = join(BENCH, 'subjects');
export const RESULTS = join(BENCH, 'results');
