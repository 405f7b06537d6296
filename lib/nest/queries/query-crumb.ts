import type { BreadcrumbOptions } from '../../client/capture-options';
import type { BreadcrumbDraft } from '../../context/breadcrumb-buffer';
import { ownText } from '../../context/own-text';
import { sqlWithoutValues } from '../../event/sql-without-values';
import { className, safeRead } from '../../event/safe-read';

/** Longer statements are cut, so that a crumb keeps no megabytes alive; twice what an event shows of one. */
const MAX_STATEMENT_LENGTH = 2048;
const MAX_CODE_LENGTH = 64;

/** What is known of a query. */
export interface QueryFacts {
  /** The kind of database, as its library names it. */
  db?: string;
  durationMs?: number;
  /** How many rows it gave or changed. */
  rows?: number;
  /** Names of the fields it is about. */
  fields?: string[];
  hasFailed?: boolean;
  /** What it failed with. */
  error?: unknown;
}

/** The crumb of a query in SQL. Its values are taken out when an event is built. */
export function sqlCrumb(statement: string, facts: QueryFacts): BreadcrumbOptions {
  return queryCrumb(ownText(statement, MAX_STATEMENT_LENGTH), facts, maskStatement);
}

/** The crumb of a query that has a name and no text. */
export function queryCrumb(
  name: string,
  facts: QueryFacts,
  processor?: BreadcrumbOptions['processor'],
): BreadcrumbOptions {
  return {
    type: 'query',
    category: 'query',
    level: facts.hasFailed ? 'error' : 'info',
    message: name,
    data: queryData(facts),
    processor,
  };
}

/** What a crumb's data tell of a query; nothing of it is the app's own object. */
export function queryData({ db, durationMs, rows, fields, error }: QueryFacts): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  if (db !== undefined) data.db = db;
  if (durationMs !== undefined) data.duration = Math.round(durationMs * 10) / 10;
  if (rows !== undefined) data.rows = rows;
  if (fields !== undefined) data.fields = fields;
  if (error !== undefined) data.error = errorCode(error);
  return data;
}

function maskStatement(crumb: BreadcrumbDraft): void {
  if (crumb.message !== null) crumb.message = sqlWithoutValues(crumb.message);
}

/** What an error is called: its message may tell values. */
function errorCode(error: unknown): string {
  const code = safeRead(error, 'code');
  const isCode = (typeof code === 'string' && code !== '') || typeof code === 'number';
  return (isCode ? String(code) : className(error)).slice(0, MAX_CODE_LENGTH);
}
