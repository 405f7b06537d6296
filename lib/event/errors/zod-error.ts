import { className, safeRead, safeString } from '../safe-read';
import type { ErrorKind } from './error-kind';
import { fieldPath, fieldProblems, listOfProblems } from './field-names';
import { firstOf, isList } from './plain-mapping';

const MAX_ISSUES = 50;
const MAX_STEPS = 20;
const MAX_TEXT = 64;

/** Zod 3 and 4: which fields, by which rule. Its own message is JSON, and may hold what was given. */
export const zodError: ErrorKind = {
  matches: (error) =>
    /^\$?Zod\w*Error$/.test(safeString(error, 'name') ?? className(error)) &&
    isList(safeRead(error, 'issues')),
  contextName: 'ZodError',
  isOwnMessageUnreadable: true,
  details: (error) => ({ issues: issuesIn(safeRead(error, 'issues')) }),
  message: (error) => listOfProblems(issuesIn(safeRead(error, 'issues')) ?? []) || undefined,
};

/**
 * The fields that zod's issues name, each with its rule: `items[0].price (too_small)`.
 *
 * @returns undefined for anything else
 */
export function issuesIn(value: unknown): string[] | undefined {
  const issues = firstOf(value, MAX_ISSUES);
  if (issues.length === 0 || !issues.every(isIssue)) return undefined;
  return fieldProblems(
    issues.map((issue) => {
      const code = short(issue, 'code') ?? 'invalid';
      // What zod expects is the schema's, not the value's.
      const expected = code === 'invalid_type' ? short(issue, 'expected') : undefined;
      const path = fieldPath(firstOf(safeRead(issue, 'path'), MAX_STEPS));
      return [path, expected === undefined ? code : `${code}, expected ${expected}`] as const;
    }),
  );
}

function short(issue: unknown, key: string): string | undefined {
  const value = safeString(issue, key);
  return value !== undefined && value.length <= MAX_TEXT ? value : undefined;
}

function isIssue(value: unknown): boolean {
  return safeString(value, 'code') !== undefined && isList(safeRead(value, 'path'));
}
