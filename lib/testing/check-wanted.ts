import { types } from 'node:util';
import { describeValue } from '../describe-value';
import { LEVELS } from '../protocol/event';
import { isClassSyntax, isFilledText, isObject, isPlainObject } from '../value-kinds';
import type { ExpectedReport, WantedReport } from './expected-report';
import { isAsymmetric } from './match-value';

/** Says what is expected of a value that cannot be, or nothing. */
type Check = (value: unknown) => string | undefined;

const unless =
  (expected: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    isAsymmetric(value) || test(value) ? undefined : expected;

const isTextual = (value: unknown): boolean => isFilledText(value) || types.isRegExp(value);
const aText = unless('a text or a regular expression', isTextual);
const anObject = unless('an object', isPlainObject);

const CHECKS: { [Field in keyof Required<ExpectedReport>]: Check } = {
  type: unless(
    "an error's class or name",
    (value) => isTextual(value) || (typeof value === 'function' && value.name !== ''),
  ),
  message: unless('a text or a regular expression', (value) => isTextual(value) || value === ''),
  level: unless(LEVELS.join(', '), (value) => LEVELS.includes(value as (typeof LEVELS)[number])),
  transaction: aText,
  client: unless('the name of a client, or null', (value) => isFilledText(value) || value === null),
  tags: anObject,
  user: anObject,
  extra: anObject,
  request: anObject,
  contexts: anObject,
  fingerprint: unless('a list', Array.isArray),
};

const FIELDS = Object.keys(CHECKS).join(', ');

/**
 * Refuses what no event could ever be, and what any event would be: a test that cannot fail.
 *
 * @param speaker - who was given it
 * @throws TypeError which says what is expected
 */
export function checkWanted(speaker: string, wanted: unknown): asserts wanted is WantedReport {
  const refuse = (complaint: string): never => {
    throw new TypeError(`${speaker}: ${complaint}`);
  };
  if (isClassSyntax(wanted)) {
    const { name } = wanted as { name: string };
    refuse(`was given ${describeValue(wanted)}; expected { type: ${name} }`);
  }
  if (typeof wanted === 'function') return;
  if (!isObject(wanted) || !isPlainObject(wanted)) {
    return refuse(
      `was given ${describeValue(wanted)}; expected what the event should have, such as { type: 'OrderLost', tags: { area: 'orders' } }, or a function of the event`,
    );
  }
  for (const [field, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(CHECKS, field)) {
      refuse(
        `was given an unknown ${describeValue(field)}; expected some of ${FIELDS}, or a function of the event for anything else`,
      );
    }
    const expected = CHECKS[field as keyof ExpectedReport](value);
    if (expected !== undefined) {
      refuse(
        `was given "${field}" as ${describeValue(value)}; expected ${expected}, or no "${field}" at all`,
      );
    }
  }
}
