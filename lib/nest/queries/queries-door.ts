import { instancesOf } from '../app-instances';
import type { Door } from '../door';
import type { RavenApp } from '../raven-app';
import { MONGOOSE_HOOK } from './mongoose-hook';
import { PRISMA_HOOK } from './prisma-hook';
import { QueryCrumbs } from './query-crumbs';
import { TYPEORM_HOOK } from './typeorm-hook';

const HOOKS = [TYPEORM_HOOK, PRISMA_HOOK, MONGOOSE_HOOK];

/**
 * Queries to databases leave breadcrumbs: those made through objects that are providers of the app. `pg` has no
 * hook for its queries.
 */
export class QueriesDoor implements Door {
  /** What ends the watching, by the place of the hook. */
  private readonly watched = new Map<object, () => void>();
  private readonly crumbs: QueryCrumbs;

  constructor(private readonly app: RavenApp) {
    this.crumbs = new QueryCrumbs(() => app.allClients);
  }

  open(): void {
    // Nothing is made yet.
  }

  ready(): void {
    if (!this.crumbs.areWanted) return;
    for (const provider of instancesOf(this.app.modules)) {
      for (const hook of HOOKS) {
        try {
          const place = hook.placeOf(provider);
          if (!place || this.watched.has(place)) continue;
          this.watched.set(place, hook.watch(provider, place, this.crumbs));
        } catch {
          // What only looks like a database, or was not made: it is left alone.
        }
      }
    }
  }

  /** What the app's hooks have connected by now is found, too. */
  started(): void {
    this.ready();
  }

  close(): void {
    for (const end of this.watched.values()) end();
    this.watched.clear();
  }
}
