import { EXPECTED } from '../../decorators/decorator-arguments';
import { describeValue } from '../../describe-value';
import { InvalidOptionsError } from '../../validate-options';
import type { RavenFeatureOptions } from './feature-options';

const CHECKS = {
  tags: EXPECTED.mapping,
  extra: EXPECTED.mapping,
  level: EXPECTED.level,
  client: EXPECTED.name,
} satisfies { [Option in keyof Required<RavenFeatureOptions>]: unknown };

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
