import { isErrorLike } from '../exception-values';
import { safeRead, safeString } from '../safe-read';
import type { ErrorKind } from './error-kind';
import { fieldPath, fieldProblems, listOfProblems } from './field-names';
import { firstOf, isList, isPlainMapping, ownKeys } from './plain-mapping';

const MAX_ERRORS = 50;
const MAX_DEPTH = 8;
const MAX_VISITS = 500;
const MAX_NAME = 64;

/** class-validator: which properties, by which constraints. What it throws is a list of objects that are no Errors, or one of them. */
export const classValidatorError: ErrorKind = {
  matches: (error) => !isErrorLike(error) && constraintsIn(error) !== undefined,
  contextName: 'ValidationError',
  isOwnMessageUnreadable: true,
  details: (error) => ({ fields: constraintsIn(error) }),
  message: (error) => `validation failed: ${listOfProblems(constraintsIn(error) ?? [])}`,
};

/**
 * The properties that a result of class-validator names, each with its constraints: `items[0].price (min, isNumber)`.
 *
 * @returns undefined for anything else
 */
export function constraintsIn(value: unknown): string[] | undefined {
  const errors = isList(value) ? firstOf(value, MAX_ERRORS) : [value];
  if (errors.length === 0 || !errors.every(isValidationError)) return undefined;
  const problems: [string, string][] = [];
  let visits = 0;
  const visit = (error: unknown, steps: readonly string[], depth: number): void => {
    if (depth > MAX_DEPTH || ++visits > MAX_VISITS || problems.length >= MAX_ERRORS) return;
    const path = [...steps, safeString(error, 'property') ?? ''];
    for (const constraint of ownKeys(safeRead(error, 'constraints'), MAX_ERRORS)) {
      problems.push([fieldPath(path), constraint.slice(0, MAX_NAME)]);
    }
    for (const child of firstOf(safeRead(error, 'children'), MAX_ERRORS)) visit(child, path, depth + 1);
  };
  for (const error of errors) visit(error, [], 0);
  return fieldProblems(problems);
}

function isValidationError(value: unknown): boolean {
  const property = safeRead(value, 'property');
  const hasConstraints = isPlainMapping(safeRead(value, 'constraints'));
  const hasChildren = isList(safeRead(value, 'children'));
  if (typeof property === 'string') return hasConstraints || hasChildren;
  // What is no object of a known class has no property.
  return property === undefined && hasConstraints && hasChildren;
}
