import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readSmallFile } from '../event/read-small-file';
import type { CliSurroundings } from './cli-surroundings';
import { UsageError } from './usage-error';

/**
 * Adds the variables of a file such as `.env` to the environment; what is set there already stays as it is.
 *
 * @throws UsageError where there is no such file
 */
export function loadDotenv(path: string, { env, folder }: CliSurroundings): void {
  const text = readSmallFile(resolve(folder, path));
  if (text === undefined) {
    throw new UsageError('--dotenv names no file that can be read; expected one such as .env');
  }
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value;
}
