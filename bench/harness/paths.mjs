import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where things stand; `WORK` may be removed any time. It is outside of the repository: Node looks for what Nest has as
 * options (microservices, websockets) in the folders above as well, and would load those of this package's development.
 */
export const BENCH = fileURLToPath(new URL('..', import.meta.url));
export const ROOT = join(BENCH, '..');
export const WORK = join(tmpdir(), 'nestjs-raven-bench');
export const SUBJECTS = join(BENCH, 'subjects');
export const RESULTS = join(BENCH, 'results');
