import { safeRead, safeString } from '../safe-read';
import type { ErrorKind } from './error-kind';
import { fieldPath } from './field-names';
import { firstOf, isPlainMapping } from './plain-mapping';

const MAX_STEPS = 20;

/** graphql: where in the result it happened, and its code. Neither the query nor its variables. */
export const graphqlError: ErrorKind = {
  matches: (error) =>
    safeString(error, 'name') === 'GraphQLError' && isPlainMapping(safeRead(error, 'extensions')),
  details(error) {
    const path = fieldPath(firstOf(safeRead(error, 'path'), MAX_STEPS));
    return {
      path: path === '' ? undefined : path,
      code: safeString(safeRead(error, 'extensions'), 'code'),
    };
  },
};
