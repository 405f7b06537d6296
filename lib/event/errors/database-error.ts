import { cutText } from '../cut-text';
import { safeRead, safeString } from '../safe-read';
import { sqlWithoutValues } from '../sql-without-values';
import type { ErrorKind } from './error-kind';

const MAX_TEXT = 500;
const MAX_MESSAGE = 8192;
const SQLSTATE = /^[\dA-Z]{5}$/;

/** Fields of a database's error that hold no value: by the names that pg, postgres.js and mysql2 give them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  code: ['code'],
  errno: ['errno'],
  sqlState: ['sqlState'],
  severity: ['severity'],
  schema: ['schema', 'schema_name'],
  table: ['table', 'table_name'],
  column: ['column', 'column_name'],
  dataType: ['dataType', 'type_name'],
  constraint: ['constraint', 'constraint_name'],
  position: ['position'],
  routine: ['routine'],
  hint: ['hint'],
};

/** What drivers of databases throw (pg, pglite, postgres.js, mysql2): what was hurt, where, by which query. */
export const databaseError: ErrorKind = {
  matches: (error) =>
    isFromPostgres(error) ||
    safeString(error, 'sqlState') !== undefined ||
    safeString(error, 'sqlMessage') !== undefined,
  contextName: 'DatabaseError',
  details: databaseDetails,
  message: (error) => databaseMessage(safeString(error, 'message') ?? '', error),
};

/** What an error of a driver tells, without values. */
export function databaseDetails(error: unknown): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(FIELDS)) {
    const value = given.map((key) => safeRead(error, key)).find(isShort);
    if (value !== undefined) details[name] = typeof value === 'string' ? cutText(value, MAX_TEXT) : value;
  }
  const detail = safeString(error, 'detail');
  const query = safeString(error, 'query') ?? safeString(error, 'sql');
  return {
    ...details,
    detail: detail === undefined ? undefined : detailWithoutValues(detail),
    query: query === undefined ? undefined : sqlWithoutValues(query),
  };
}

/**
 * The message of a driver's error without the value that it complains of: databases quote it, but the names of
 * tables and columns as well.
 */
export function databaseMessage(message: string, error: unknown): string {
  const text = cutText(message, MAX_MESSAGE);
  // Of the class of errors about data: what is quoted is a value.
  if (isFromPostgres(error) && safeString(error, 'code')?.startsWith('22')) {
    return text.replace(/"(?:[^]*"|[^]*$)/, '?');
  }
  return withoutKeyValues(text)
    .replace(/(^|: )(Duplicate entry) '(?:[^]*'( for key )|[^]*$)/, '$1$2 ?$3')
    .replace(/(^|: )((?:Incorrect|Truncated incorrect) [\w ]+ value:) '(?:[^]*'( for )|[^]*$)/, '$1$2 ?$3');
}

/** Without what PostgreSQL and SQL Server tell of the row: `Key (email)=(?)`. */
export function withoutKeyValues(text: string): string {
  return text
    .replace(/\)=\((?:[^]*\)|[^]*$)/, ')=(?)')
    .replace(/(Failing row contains|duplicate key value is) \((?:[^]*\)|[^]*$)/, '$1 (?)');
}

/** What it says in another form may hold anything. */
function detailWithoutValues(detail: string): string | undefined {
  const text = withoutKeyValues(cutText(detail, MAX_MESSAGE));
  return text === detail ? undefined : cutText(text, MAX_TEXT);
}

function isFromPostgres(error: unknown): boolean {
  const isCode = SQLSTATE.test(safeString(error, 'code') ?? '');
  return isCode && safeString(error, 'severity') !== undefined;
}

function isShort(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}
