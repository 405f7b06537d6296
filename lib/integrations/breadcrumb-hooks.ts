import type { RavenClient } from '../client/raven.client';
import type { BreadcrumbSources } from './breadcrumb-sources';
import { watchConsole } from './console-breadcrumbs';
import { watchHttp } from './http-breadcrumbs';
import { watchLogger } from './logger-breadcrumbs';
import { watchUndici } from './undici-breadcrumbs';

type Source = keyof BreadcrumbSources;

/**
 * Puts a source of breadcrumbs into the process; it records by `recordFrom`.
 *
 * @returns takes it away again
 */
export type InstallSource = () => () => void;

/** Sources that belong to the process; those of an app or of a request are where these are. */
const SOURCES: { readonly [S in Source]?: InstallSource } = {
  console: watchConsole,
  logger: watchLogger,
  http: watchSentRequests,
};

function watchSentRequests(): () => void {
  const undo = [watchHttp(), watchUndici()];
  return () => undo.forEach((step) => step());
}

/** What watches the process for breadcrumbs: each source is there while an enabled client wants it. */
class BreadcrumbHooks {
  private readonly clients = new Set<RavenClient>();
  private readonly installed = new Map<Source, () => void>();

  add(client: RavenClient): void {
    this.clients.add(client);
    this.settle();
  }

  remove(client: RavenClient): void {
    this.clients.delete(client);
    this.settle();
  }

  private settle(): void {
    for (const [source, install] of Object.entries(SOURCES) as [Source, InstallSource][]) {
      const wanting = [...this.clients].find((client) => client.options.breadcrumbSources[source]);
      const undo = this.installed.get(source);
      if (wanting && !undo) this.installed.set(source, installed(install, source, wanting));
      if (wanting || !undo) continue;
      this.installed.delete(source);
      try {
        undo();
      } catch {
        // What the app has frozen since cannot be put back. What stands over it passes calls on, and records nothing.
      }
    }
  }
}

/** Whatever it meets in the process, the app goes on without this source. */
function installed(install: InstallSource, source: Source, client: RavenClient): () => void {
  try {
    return install();
  } catch (error) {
    client.complain(`breadcrumbs of "${source}" cannot be recorded`, error);
    return () => undefined;
  }
}

/** There is one process, so there is one of these; it watches only what an enabled client wants. */
export const breadcrumbHooks = new BreadcrumbHooks();
