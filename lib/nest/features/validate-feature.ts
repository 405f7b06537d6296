import { InvalidOptionsError } from '../../validate-options';
import type { RavenFeatureOptions } from './feature-options';

const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'];

const CHECKS: {
  [Option in keyof Required<RavenFeatureOptions>]: [expected: string, test: (value: unknown) => boolean];
} = {
  tags: ['an object', isMapping],
  extra: ['an object', isMapping],
  level: [`one of ${LEVELS.join(', ')}`, (value) => LEVELS.includes(value as string)],
  client: ["a client's name", (value) => typeof value === 'string' && value !== ''],
};

/** @throws InvalidOptionsError where an option is unknown or has a wrong value */
export function validateFeature(options: RavenFeatureOptions): void {
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, option)) {
      const known = Object.keys(CHECKS).join(', ');
      throw new InvalidOptionsError(`RavenModule.forFeature: unknown option "${option}"; known are ${known}`);
    }
    const [expected, test] = CHECKS[option as keyof RavenFeatureOptions];
    if (value !== undefined && !test(value)) {
      throw new InvalidOptionsError(
        `RavenModule.forFeature: "${option}" is ${shown(value)}; expected ${expected}`,
      );
    }
  }
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : Array.isArray(value) ? 'a list' : typeof value;
}
