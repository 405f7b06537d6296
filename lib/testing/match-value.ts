import { types } from 'node:util';
import { isObject, isPlainObject } from '../value-kinds';
import type { AsymmetricMatcher } from './expected-report';
import { shown } from './shown';

/** The text that a number or a boolean is on the wire. */
export type ScalarText = (value: unknown) => string | undefined;

/** Whether a value says itself what it takes. */
export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return isObject(value) && typeof (value as Partial<AsymmetricMatcher>).asymmetricMatch === 'function';
}

/**
 * Compares a part of an event with what is expected of it; of objects only the keys that are expected.
 *
 * @param path - where it stands, for the lines
 * @param textOf - where numbers and booleans became text on their way, how
 * @returns a line for each difference
 */
export function matchValue(actual: unknown, expected: unknown, path: string, textOf?: ScalarText): string[] {
  if (isAsymmetric(expected))
    return expected.asymmetricMatch(actual) ? [] : [differs(actual, expected, path)];
  if (types.isRegExp(expected)) {
    const isMatch = typeof actual === 'string' && new RegExp(expected).test(actual);
    return isMatch ? [] : [differs(actual, expected, path)];
  }
  if (Array.isArray(expected) && Array.isArray(actual) && actual.length === expected.length) {
    return expected.flatMap((entry, index) => matchValue(actual[index], entry, `${path}[${index}]`, textOf));
  }
  if (isPlainObject(expected) && isPlainObject(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      matchValue(actual[key], value, `${path}${keyIn(key)}`, textOf),
    );
  }
  const isText = textOf && isScalar(expected) && actual === textOf(expected);
  return isText || Object.is(actual, expected) ? [] : [differs(actual, expected, path)];
}

function differs(actual: unknown, expected: unknown, path: string): string {
  const is = actual === undefined ? 'is missing' : `is ${shown(actual)}`;
  return `${path} ${is}, expected ${expected === undefined ? 'none' : shown(expected)}`;
}

function keyIn(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}
