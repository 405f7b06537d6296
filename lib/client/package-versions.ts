import { loadModules } from '../event/installed-modules';
import type { RavenEvent } from '../protocol/event';
import type { Enrichment } from './enrichment';

/** Adds the versions of the app's packages (`modules`). They are read once, when the first event wants them. */
export class PackageVersions implements Enrichment {
  private modules?: Record<string, string>;
  private loading?: Promise<void>;

  /** @param root - project root, where the app's packages are looked up */
  constructor(private readonly root: string) {}

  prepare(): void {
    void this.load();
  }

  enrich(event: RavenEvent): Promise<void> | undefined {
    if (!this.modules) return this.load().then(() => this.enrichNow(event));
    this.enrichNow(event);
    return undefined;
  }

  /** Where reading has not ended, the event goes without. */
  enrichNow(event: RavenEvent): void {
    if (this.modules && Object.keys(this.modules).length > 0) event.modules ??= this.modules;
  }

  private load(): Promise<void> {
    return (this.loading ??= loadModules(this.root).then((modules) => {
      this.modules = modules;
    }));
  }
}
