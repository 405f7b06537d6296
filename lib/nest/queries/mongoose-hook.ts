import type { BreadcrumbDraft } from '../../context/breadcrumb-buffer';
import { currentScope } from '../../context/scope';
import { safeRead, safeString } from '../../event/safe-read';
import { hasMethods } from '../overlay-method';
import { queryCrumb, queryData } from './query-crumb';
import type { QueryCrumbs } from './query-crumbs';
import type { QueryHook } from './query-hook';

const MOST_FIELDS = 20;
const MAX_FIELD_LENGTH = 100;

type Listener = (event: unknown) => void;
type Listen = (event: string, listener: Listener) => unknown;

/** A call of the driver, whose crumb is there from its begin on. */
interface Operation {
  startedMs: number;
  hasFailed: boolean;
  /** What is known once it has ended. */
  data?: Record<string, unknown>;
}

/**
 * Mongoose, since 7: a connection emits the begin of each call of the driver, and the end of those whose end the
 * version tells of. So a crumb is recorded at the begin, and the rest filled in when an event is built.
 */
export const MONGOOSE_HOOK: QueryHook = {
  placeOf(provider) {
    return hasMethods(provider, ['on', 'off', 'once', 'model', 'collection', 'useDb']) ? provider : undefined;
  },
  watch(provider, _place, crumbs) {
    const operations = new Operations(crumbs);
    const connection = provider as { on: Listen; off: Listen };
    connection.on('operation-start', operations.begin);
    connection.on('operation-end', operations.end);
    return () => {
      connection.off('operation-start', operations.begin);
      connection.off('operation-end', operations.end);
    };
  },
};

/** The listeners; what they throw would fail the query. */
class Operations {
  private readonly begun = new WeakMap<object, Operation>();

  constructor(private readonly crumbs: QueryCrumbs) {}

  readonly begin = (event: unknown): void => {
    try {
      const operation: Operation = { startedMs: performance.now(), hasFailed: false };
      this.begun.set(safeRead(event, '_id') as object, operation);
      const name = `${safeString(event, 'collectionName')}.${safeString(event, 'method')}`;
      const facts = { db: 'mongodb', fields: fieldsOf(safeRead(safeRead(event, 'params'), 0)) };
      const crumb = queryCrumb(name, facts, (draft) => fillIn(draft, operation));
      this.crumbs.record(crumb, currentScope());
    } catch {
      // It is lost.
    }
  };

  readonly end = (event: unknown): void => {
    try {
      const operation = this.begun.get(safeRead(event, '_id') as object);
      if (!operation) return;
      const result = safeRead(event, 'result');
      const error = safeRead(event, 'error');
      if (hasMethods(result, ['once', 'toArray', 'close'])) endWithCursor(operation, result);
      else end(operation, error !== undefined, error);
    } catch {
      // The crumb stays as it was.
    }
  };
}

/** A query for many documents runs once they are read, and ends with its cursor. One that failed was never open on the server. */
function endWithCursor(operation: Operation, cursor: object): void {
  (cursor as { once: Listen }).once('close', () => end(operation, safeRead(cursor, 'id') === undefined));
}

function end(operation: Operation, hasFailed: boolean, error?: unknown): void {
  operation.hasFailed = hasFailed;
  operation.data = queryData({ durationMs: performance.now() - operation.startedMs, error });
}

function fillIn(crumb: BreadcrumbDraft, { hasFailed, data }: Operation): void {
  if (hasFailed) crumb.level = 'error';
  if (crumb.data && data) crumb.data = { ...crumb.data, ...data };
}

/** The names of the fields of a filter or a document, the stages of an aggregation; no values. */
function fieldsOf(argument: unknown): string[] | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const names = Array.isArray(argument) ? namesInAll(argument) : Object.keys(argument);
  return names.slice(0, MOST_FIELDS).map((name) => name.slice(0, MAX_FIELD_LENGTH));
}

function namesInAll(parts: unknown[]): string[] {
  return [...new Set(parts.slice(0, MOST_FIELDS).flatMap((part) => Object.keys(Object(part) as object)))];
}
