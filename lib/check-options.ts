import { describeValue } from './describe-value';
import { InvalidOptionsError, requireOptions } from './validate-options';

/** Says what is wrong with a value, or nothing. */
export type OptionCheck = (value: unknown) => string | undefined;

/** A check that a value passes or does not. @param expected - as the message says it */
export const expects =
  (expected: string, test: (value: unknown) => boolean): OptionCheck =>
  (value) =>
    test(value) ? undefined : `is ${describeValue(value)}; expected ${expected}`;

export const aBoolean = expects('true or false', (value) => typeof value === 'boolean');
export const aCount = expects(
  'a whole number from 0',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const aSize = expects(
  'a whole number from 1',
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
);
/** A whole number from and up to these. */
export const aNumberFrom = (least: number, most: number): OptionCheck =>
  expects(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );

/**
 * Checks options one by one; those that are undefined are not given.
 *
 * @param speaker - who speaks in the message
 * @throws InvalidOptionsError at the first option that is unknown or has a wrong value
 */
export function checkOptions<Options extends object>(
  speaker: string,
  options: Options,
  checks: { [Option in keyof Required<Options>]: OptionCheck },
): void {
  requireOptions(`${speaker}: the options are`, options);
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, option)) {
      throw new InvalidOptionsError(
        `${speaker}: unknown option "${option}"; known are ${Object.keys(checks).sort().join(', ')}`,
      );
    }
    const complaint = value === undefined ? undefined : checks[option as keyof Options](value);
    if (complaint === undefined) continue;
    throw new InvalidOptionsError(`${speaker}: the option "${option}" ${complaint}`);
  }
}
