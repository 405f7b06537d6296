import type { QueryCrumbs } from './query-crumbs';
import { currentScope } from '../../context/scope';
import { safeRead, safeString } from '../../event/safe-read';
import { hasMethods } from '../overlay-method';
import { queryCrumb, sqlCrumb } from './query-crumb';
import type { QueryHook } from './query-hook';

/** What tells of queries within the async context they were made in; the native engines before Prisma 7 do not. */
const ENGINE_IN_PROCESS = 'ClientEngine';
/** A query to MongoDB is shown as a call in its shell, with all values. */
const SHELL_CALL = /^db\.[^(]*/;

type On = (event: string, listener: (event: unknown) => void) => unknown;

/**
 * Prisma. A client that emits its queries (`log: [{ emit: 'event', level: 'query' }]`) tells of those that
 * succeeded; every client tells of calls that failed.
 */
export const PRISMA_HOOK: QueryHook = {
  placeOf(provider) {
    return hasMethods(provider, ['$on', '$connect', '$disconnect', '$transaction']) ? provider : undefined;
  },
  watch(provider, _place, crumbs) {
    // Listeners cannot be taken away again.
    let recordingTo: QueryCrumbs | undefined = crumbs;
    const { $on } = provider as { $on: On };
    $on.call(provider, 'query', (event) => {
      if (recordingTo) recordQuery(event, recordingTo);
    });
    $on.call(provider, 'error', (event) => {
      if (recordingTo) recordFailure(event, recordingTo);
    });
    return () => (recordingTo = undefined);
  },
};

function recordQuery(event: unknown, crumbs: QueryCrumbs): void {
  const statement = safeString(event, 'query');
  if (statement === undefined || safeRead(event, 'target') !== ENGINE_IN_PROCESS) return;
  const duration = safeRead(event, 'duration');
  const ended = { durationMs: typeof duration === 'number' ? duration : undefined };
  const call = SHELL_CALL.exec(statement)?.[0];
  crumbs.record(call === undefined ? sqlCrumb(statement, ended) : queryCrumb(call, ended), currentScope());
}

/** Its message may show values. */
function recordFailure(event: unknown, crumbs: QueryCrumbs): void {
  const call = safeString(event, 'target');
  if (call !== undefined) crumbs.record(queryCrumb(call, { hasFailed: true }), currentScope());
}
