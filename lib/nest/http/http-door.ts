import type { Door } from '../door';
import type { RavenApp } from '../raven-app';
import { enterScopes } from './http-scopes';
import { watchStreams } from './response-streams';

/** Where an app's HTTP requests come in: each gets a scope of its own, and streamed answers are watched. */
export class HttpDoor implements Door {
  private hasScopes = false;
  private readonly undo: (() => void)[] = [];

  constructor(private readonly app: RavenApp) {}

  open(): void {
    this.attach();
    // In a test the adapter comes after the providers; NestJS 10 does not say when (see `prepare`).
    const attaching = this.app.adapterHost.init$?.subscribe(() => this.attach());
    if (attaching) this.undo.push(() => attaching.unsubscribe());
  }

  /** The last moment for the adapter to be there. */
  prepare(): void {
    this.attach();
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }

  private attach(): void {
    const adapter = this.app.adapterHost.httpAdapter;
    if (this.hasScopes || !adapter || !enterScopes(this.app, adapter)) return;
    this.hasScopes = true;
    this.undo.push(watchStreams(adapter));
  }
}
