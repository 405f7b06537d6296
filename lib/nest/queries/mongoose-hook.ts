import { currentScope, type Scope } from '../../context/scope';
import { safeRead, safeString } from '../../event/safe-read';
import { hasMethods } from '../overlay-method';
import { queryCrumb, type EndedQuery } from './query-crumb';
import type { QueryCrumbs } from './query-crumbs';
import type { QueryHook } from './query-hook';

const MOST_FIELDS = 20;
const MAX_FIELD_LENGTH = 100;

type Listener = (event: unknown) => void;
type Listen = (event: string, listener: Listener) => unknown;

interface Begun {
  startedMs: number;
  scope: Scope | undefined;
  fields: string[] | undefined;
}

/** Mongoose: a connection emits the begin and the end of each call of the driver. */
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
  private readonly begun = new WeakMap<object, Begun>();

  constructor(private readonly crumbs: QueryCrumbs) {}

  readonly begin = (event: unknown): void => {
    try {
      this.begun.set(safeRead(event, '_id') as object, {
        startedMs: performance.now(),
        scope: currentScope(),
        fields: fieldsOf(safeRead(safeRead(event, 'params'), 0)),
      });
    } catch {
      // Without an id nothing is remembered.
    }
  };

  readonly end = (event: unknown): void => {
    try {
      const begun = this.begun.get(safeRead(event, '_id') as object);
      if (!begun) return;
      const name = `${safeString(event, 'collectionName')}.${safeString(event, 'method')}`;
      const result = safeRead(event, 'result');
      if (hasMethods(result, ['once', 'toArray', 'close'])) this.endWithCursor(name, begun, result);
      else {
        const error = safeRead(event, 'error');
        this.record(name, begun, { hasFailed: error !== undefined, error });
      }
    } catch {
      // It is lost.
    }
  };

  /** A query for many documents runs once they are read, and ends with its cursor. One that failed was never open on the server. */
  private endWithCursor(name: string, begun: Begun, cursor: object): void {
    (cursor as { once: Listen }).once('close', () => {
      this.record(name, begun, { hasFailed: safeRead(cursor, 'id') === undefined });
    });
  }

  private record(name: string, { startedMs, scope, fields }: Begun, outcome: EndedQuery): void {
    const durationMs = performance.now() - startedMs;
    this.crumbs.record(queryCrumb(name, { db: 'mongodb', durationMs, fields, ...outcome }), scope);
  }
}

/** The names of the fields of a filter or a document, the stages of an aggregation; no values. */
function fieldsOf(argument: unknown): string[] | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const parts: unknown[] = Array.isArray(argument) ? argument.slice(0, MOST_FIELDS) : [argument];
  const names = new Set(parts.flatMap((part) => Object.keys(Object(part) as object)));
  return [...names].slice(0, MOST_FIELDS).map((name) => name.slice(0, MAX_FIELD_LENGTH));
}
