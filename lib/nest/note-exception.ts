import { currentScope } from '../context/scope';
import { activeSpan } from '../integrations/active-span';
import { reportError, type RaisedAt } from './error-reporter';
import { leftResolver } from './graphql/masked-errors';
import { isHandled } from './handled-errors';
import { appOf } from './live-apps';
import { NestWork } from './nest-work';
import type { RavenApp } from './raven-app';

/**
 * What a witness does: notes the error for the work in progress, which decides on it. Where there is none,
 * because some library's callback lost the async context, the error's type has to decide; better than to
 * lose it. Never throws.
 *
 * @param known - the app, where the witness knows it
 */
export function noteException(
  exception: unknown,
  at: RaisedAt,
  isStreaming: boolean,
  known?: RavenApp,
): void {
  const work = currentScope()?.work;
  const app = known ?? (work instanceof NestWork ? work.app : appOf(undefined, at.type));
  if (!app) return;
  app.seen.add(exception);
  // What comes of the error may be known only when the span is over.
  if (work) work.span = activeSpan() ?? work.span;
  try {
    if (at.kind === 'graphql') {
      app.graphql.note(exception, at, work);
      return;
    }
    // The app's global witness is asked after the resolver's.
    if (leftResolver(exception)) return;
    if (work instanceof NestWork) {
      work.note(exception, at, isStreaming);
      return;
    }
    const kind = at.kind ?? 'http';
    reportError(app, exception, at, {
      type: kind,
      mechanism: `auto.${kind}.nestjs`,
      // Global filters do not reach gateways.
      handled: isHandled(exception, at, at.kind === 'ws' ? [] : app.globalFilters()),
    });
  } catch (failure) {
    app.client()?.complain('an error could not be reported', failure);
  }
}
