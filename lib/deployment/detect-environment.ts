import type { Detected } from './detected';
import { isEnvironmentName } from '../protocol/valid-name';

/** Where platforms name the environment, in the order in which they are asked; `NODE_ENV` knows least of it. */
const VARIABLES = [
  'VERCEL_TARGET_ENV',
  'VERCEL_ENV',
  'RAILWAY_ENVIRONMENT_NAME',
  'AZURE_FUNCTIONS_ENVIRONMENT',
  'NODE_ENV',
] as const;

/** The environment where nobody says one. What servers would not keep is passed over. */
export function detectEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  return findEnvironment(env)?.value;
}

/** {@link detectEnvironment}, and the variable that said it. */
export function findEnvironment(env: NodeJS.ProcessEnv): Detected | undefined {
  return VARIABLES.map((from) => ({ value: env[from]?.trim() ?? '', from })).find(
    ({ value }) => value !== '' && isEnvironmentName(value),
  );
}
