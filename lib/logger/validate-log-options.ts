import { types } from 'node:util';
import { describeValue } from '../describe-value';
import { LEVELS } from '../protocol/event';
import { InvalidOptionsError } from '../validate-options';
import type { LogOptions } from './log-options';

const CHECKS: {
  [Option in keyof Required<LogOptions>]: [expected: string, test: (value: unknown) => boolean];
} = {
  eventLevels: [`a list of ${LEVELS.join(', ')}`, (value) => isListOf(value, isLevel)],
  ignoreLoggers: [
    'a list of names and regular expressions',
    (value) => isListOf(value, (entry) => typeof entry === 'string' || types.isRegExp(entry)),
  ],
  handlers: [
    'an object of functions',
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((handler) => typeof handler === 'function'),
  ],
};

/**
 * @param speaker - whose options they are
 * @throws InvalidOptionsError where an option has a wrong value
 */
export function validateLogOptions(speaker: string, options: LogOptions): void {
  for (const [option, [expected, test]] of Object.entries(CHECKS)) {
    const value = options[option as keyof LogOptions];
    if (value !== undefined && !test(value)) {
      throw new InvalidOptionsError(
        `${speaker}: "${option}" is ${describeValue(value)}; expected ${expected}`,
      );
    }
  }
}

function isListOf(value: unknown, test: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}

function isLevel(value: unknown): boolean {
  return LEVELS.some((level) => level === value);
}
