import { className, safeRead, safeString } from '../safe-read';
import { databaseDetails, databaseMessage } from './database-error';
import type { ErrorKind } from './error-kind';
import { fieldNames, fieldPath, fieldProblems } from './field-names';
import { firstOf, isList } from './plain-mapping';

const MAX_FIELDS = 50;

/** Sequelize: what the database says, the query without its values, and which fields by which rule. */
export const sequelizeError: ErrorKind = {
  matches: (error) => /^Sequelize\w*Error$/.test(safeString(error, 'name') ?? ''),
  details(error) {
    const original = safeRead(error, 'original');
    const isFromDriver = typeof original === 'object' && original !== null;
    return {
      driver: isFromDriver ? className(original) : undefined,
      ...databaseDetails(original),
      ...databaseDetails(error),
      fields: fieldsOf(error),
    };
  },
  message: (error) => databaseMessage(safeString(error, 'message') ?? '', safeRead(error, 'original')),
};

/** Of an invalid record those with problems; else a list of names, or a mapping from names to values. */
function fieldsOf(error: object): string[] {
  const problems = firstOf(safeRead(error, 'errors'), MAX_FIELDS).map((item) => {
    const rule = safeString(item, 'validatorKey') ?? safeString(item, 'type') ?? '';
    return [fieldPath([safeString(item, 'path')]), rule] as const;
  });
  if (problems.length > 0) return fieldProblems(problems);
  const fields = safeRead(error, 'fields');
  return isList(fields) ? firstOf(fields, MAX_FIELDS).map((name) => fieldPath([name])) : fieldNames(fields);
}
