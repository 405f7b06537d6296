import { describeValue } from '../../describe-value';
import { InvalidOptionsError } from '../../validate-options';
import { isPlainObject } from '../../value-kinds';
import type { RavenFeatureOptions } from './feature-options';

const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'];

const CHECKS: {
  [Option in keyof Required<RavenFeatureOptions>]: [expected: string, test: (value: unknown) => boolean];
} = {
  tags: ['an object', isPlainObject],
  extra: ['an object', isPlainObject],
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
        `RavenModule.forFeature: "${option}" is ${describeValue(value)}; expected ${expected}`,
      );
    }
  }
}
