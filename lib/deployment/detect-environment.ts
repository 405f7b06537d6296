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
  return VARIABLES.map((name) => env[name]?.trim()).find((value) => value && isEnvironmentName(value));
}
