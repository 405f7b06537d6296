import { currentScope, type Scope } from '../../context/scope';
import { safeRead, safeString } from '../../event/safe-read';
import { hasMethods } from '../overlay-method';
import { sqlCrumb } from './query-crumb';
import type { QueryCrumbs } from './query-crumbs';
import type { QueryHook } from './query-hook';

/** Queries on one connection that have begun and of whose end nothing was heard; some drivers may not tell it. */
const MOST_PENDING = 100;

interface Pending {
  query: unknown;
  parameters: unknown;
  startedMs: number;
  scope: Scope | undefined;
}

/** TypeORM, since 0.3.18: a data source tells its subscribers of each query. */
export const TYPEORM_HOOK: QueryHook = {
  // Each `initialize()` begins a new list.
  placeOf(provider) {
    if (!hasMethods(provider, ['createQueryRunner', 'getRepository', 'destroy'])) return undefined;
    const subscribers = safeRead(provider, 'subscribers');
    return Array.isArray(subscribers) ? subscribers : undefined;
  },
  watch(provider, place, crumbs) {
    const subscribers = place as unknown[];
    const subscriber = new QuerySubscriber(crumbs, safeString(safeRead(provider, 'options'), 'type'));
    subscribers.push(subscriber);
    return () => {
      const at = subscribers.indexOf(subscriber);
      if (at !== -1) subscribers.splice(at, 1);
    };
  },
};

/** A subscriber as TypeORM calls it; what it throws would fail the query. */
class QuerySubscriber {
  /**
   * By query runner. Drivers with callbacks tell of the end of a query in the async context of whoever opened the
   * connection, so a query's own is remembered.
   */
  private readonly pending = new WeakMap<object, Pending[]>();

  constructor(
    private readonly crumbs: QueryCrumbs,
    private readonly db: string | undefined,
  ) {}

  beforeQuery(event: unknown): void {
    try {
      const runner = safeRead(event, 'queryRunner') as object;
      let pending = this.pending.get(runner);
      if (!pending) this.pending.set(runner, (pending = []));
      if (pending.length === MOST_PENDING) pending.shift();
      pending.push({
        query: safeRead(event, 'query'),
        parameters: safeRead(event, 'parameters'),
        startedMs: performance.now(),
        scope: currentScope(),
      });
    } catch {
      // Without a query runner nothing is remembered.
    }
  }

  afterQuery(event: unknown): void {
    try {
      const begun = this.takeBegun(event);
      const statement = safeString(event, 'query');
      if (!begun || statement === undefined) return;
      const hasFailed = safeRead(event, 'success') === false;
      const ended = {
        db: this.db,
        durationMs: performance.now() - begun.startedMs,
        rows: hasFailed ? undefined : rowsOf(safeRead(event, 'rawResults')),
        hasFailed,
        error: safeRead(event, 'error'),
      };
      this.crumbs.record(sqlCrumb(statement, ended), begun.scope);
    } catch {
      // It is lost.
    }
  }

  /** The query that has ended. Some drivers change the parameters on the way; of equal queries the first one began first. */
  private takeBegun(event: unknown): Pending | undefined {
    const pending = this.pending.get(safeRead(event, 'queryRunner') as object);
    if (!pending) return undefined;
    const query = safeRead(event, 'query');
    const parameters = safeRead(event, 'parameters');
    let at = pending.findIndex((begun) => begun.query === query && begun.parameters === parameters);
    if (at === -1) at = pending.findIndex((begun) => begun.query === query);
    return at === -1 ? undefined : pending.splice(at, 1)[0];
  }
}

/** How many rows a driver's result tells of. */
function rowsOf(results: unknown): number | undefined {
  if (Array.isArray(results)) return results.length;
  for (const key of ['rowCount', 'affectedRows']) {
    const count = safeRead(results, key);
    if (typeof count === 'number') return count;
  }
  return undefined;
}
