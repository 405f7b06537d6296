import type { RaisedAt } from '../error-reporter';
import type { JobScope } from './job-scope';

/** A run that failed, of which it is not known yet whether anybody handles it. */
export interface FailedRun {
  readonly scope: JobScope;
  readonly at: RaisedAt;
}

const runs = new WeakMap<object, FailedRun>();

/** Remembers the run that an error came out of; the innermost one. Thrown primitives have no identity. */
export function rememberRun(error: unknown, scope: JobScope, at: RaisedAt): void {
  scope.app.seen.add(error);
  if (typeof error === 'object' && error !== null && !runs.has(error)) runs.set(error, { scope, at });
}

/** The run that an error came out of. */
export function runOf(error: unknown): FailedRun | undefined {
  return typeof error === 'object' && error !== null ? runs.get(error) : undefined;
}
