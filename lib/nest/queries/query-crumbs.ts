import type { BreadcrumbOptions } from '../../client/capture-options';
import type { RavenClient } from '../../client/raven.client';
import type { Scope } from '../../context/scope';

/** Where the queries of an app's objects become breadcrumbs: in the contexts of the app's own clients. */
export class QueryCrumbs {
  /** @param clients - asked each time, as clients come after the doors have opened */
  constructor(private readonly clients: () => Iterable<RavenClient>) {}

  /** Whether a client of the app keeps queries. */
  get areWanted(): boolean {
    for (const client of this.clients()) if (client.options.breadcrumbSources.queries) return true;
    return false;
  }

  /**
   * Records with each client that keeps queries and whose context is active in the given scope. Never throws.
   *
   * @param scope - what the query was made in, undefined outside of any; where it ends may be another one's
   */
  record(crumb: BreadcrumbOptions, scope: Scope | undefined): void {
    try {
      for (const client of this.clients()) {
        if (client.options.breadcrumbSources.queries) client.recordIn(scope, crumb);
      }
    } catch {
      // The query is the app's, and it is not to fail of this.
    }
  }
}
