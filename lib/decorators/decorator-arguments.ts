import { describeValue } from '../describe-value';
import { LEVELS } from '../protocol/event';
import { isConstructor, isFilledText, isPlainObject } from '../value-kinds';

/** Says what is expected where a value cannot be, or nothing. */
type Expectation = readonly [expected: string, test: (value: unknown) => boolean];

/** What a decorator's arguments may be; {@link requireArgument} holds them to it. */
export const EXPECTED = {
  level: [`one of ${LEVELS.join(', ')}`, (value) => (LEVELS as readonly unknown[]).includes(value)],
  mapping: ['an object of names and values', isPlainObject],
  name: ['a name that is not empty', isFilledText],
  types: ['a list of classes of errors', (value) => Array.isArray(value) && value.every(isConstructor)],
  texts: ['a list of texts', (value) => Array.isArray(value) && value.every(isText)],
} as const satisfies Record<string, Expectation>;

/**
 * @param speaker - the decorator as it is written, or one of its options
 * @throws TypeError where the value is not what is expected
 */
export function requireArgument(speaker: string, value: unknown, [expected, test]: Expectation): void {
  if (!test(value)) throw wrongArgument(speaker, value, expected);
}

/** The error for an argument that cannot be; it is thrown when the class is defined. */
export function wrongArgument(speaker: string, value: unknown, expected: string): TypeError {
  return new TypeError(`${speaker} was given ${describeValue(value)}; expected ${expected}`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
