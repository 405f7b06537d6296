import { cutText } from '../cut-text';
import { className, safeRead, safeString } from '../safe-read';
import { sqlWithoutValues } from '../sql-without-values';
import { databaseDetails, databaseMessage } from './database-error';
import type { ErrorKind } from './error-kind';
import { fieldNames, listOfProblems } from './field-names';
import { isList } from './plain-mapping';

const MAX_NAME = 200;

/** TypeORM's failed queries: the query without its values, how many there were, what the driver says of the reason. */
export const typeormQueryError: ErrorKind = {
  matches: (error) => safeString(error, 'query') !== undefined && isObject(safeRead(error, 'driverError')),
  details(error) {
    const driverError = safeRead(error, 'driverError');
    const parameters = safeRead(error, 'parameters');
    return {
      driver: className(driverError),
      ...databaseDetails(driverError),
      query: sqlWithoutValues(safeString(error, 'query') ?? ''),
      parameters: isList(parameters) ? safeRead(parameters, 'length') : undefined,
    };
  },
  message: (error) => databaseMessage(safeString(error, 'message') ?? '', safeRead(error, 'driverError')),
};

/** TypeORM's missing entities: which entity, and by which fields it was looked for. */
export const typeormNotFoundError: ErrorKind = {
  matches: (error) => {
    const hasClass = safeRead(error, 'entityClass') !== undefined;
    return hasClass && (safeString(error, 'name') ?? className(error)).startsWith('EntityNotFound');
  },
  details: (error) => ({ entity: entityName(error), criteria: fieldNames(safeRead(error, 'criteria')) }),
  message(error) {
    const names = listOfProblems(fieldNames(safeRead(error, 'criteria')));
    return `Could not find any entity of type "${entityName(error)}"${names === '' ? '' : ` matching: ${names}`}`;
  },
};

/** A class, a schema that has a name among its options, or the name itself. */
function entityName(error: object): string {
  const target = safeRead(error, 'entityClass');
  if (typeof target === 'string') return cutText(target, MAX_NAME);
  const name = safeString(safeRead(target, 'options'), 'name') ?? safeString(target, 'name');
  return cutText(name ?? className(target), MAX_NAME);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
