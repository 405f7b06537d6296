import { activeClients } from '../client/active-clients';
import type { BreadcrumbOptions } from '../client/capture-options';
import type { RavenClient } from '../client/raven.client';
import { currentScope, type Scope } from '../context/scope';
import type { BreadcrumbSources } from './breadcrumb-sources';

/**
 * Records what a source saw, with every client that wants breadcrumbs of it, where its context is active.
 * Nothing is recorded in a quiet scope: deliveries and hooks are no part of the story.
 *
 * @param breadcrumb - what is costly to format belongs into its `processor`; it must keep no object of the app's alive
 * @param scope - where the work was started; connections are shared, so where it ends may be anybody's
 * @param clients - default all of the process
 */
export function recordFrom(
  source: keyof BreadcrumbSources,
  breadcrumb: BreadcrumbOptions,
  scope: Scope | undefined = currentScope(),
  clients: Iterable<RavenClient> = activeClients,
): void {
  if (scope?.isQuiet) return;
  for (const client of clients) {
    if (client.options.breadcrumbSources[source]) client.recordIn(scope, breadcrumb);
  }
}
