import type { RavenClient } from '../../client/raven.client';
import { failedCallsOf } from '../../decorators/failed-calls';
import type { RaisedAt } from '../error-reporter';
import type { RavenApp } from '../raven-app';

/** The client that reports an error which the module sees by itself: that of its feature, or the app's own. */
export function reportingClient(app: RavenApp, exception: unknown, at: RaisedAt): RavenClient | undefined {
  const passed = failedCallsOf(exception).map(({ type }) => type);
  return app.client(app.features.of(exception, [...passed, at.type])?.client);
}
