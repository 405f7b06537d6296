import type { ApplicationConfig } from '@nestjs/core';
import { MetadataScanner } from '@nestjs/core';
import { currentScope } from '../context/scope';
import type { ClassOf } from '../raven.options';
import { isHandledByType, reportError, type RaisedAt } from './error-reporter';
import { createWitness } from './exception-witness';
import { witnessGlobally } from './global-witness';
import { witnessHandler } from './handler-witnesses';
import { noteHttpError } from './http-outcome';
import { HttpScope } from './http-scope';
import { enterScopes } from './http-scopes';
import { appOf } from './live-apps';
import { ROUTE_METADATA } from './nest-metadata';
import type { RavenApp } from './raven-app';
import { watchStreams } from './response-streams';

/** Where the errors of an app's HTTP requests are seen: scopes, witnesses, streams. */
export class HttpDoor {
  private isOpen = false;
  private hasScopes = false;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly app: RavenApp,
    private readonly config: ApplicationConfig,
  ) {}

  /** Begins to see errors. It must happen before routes are bound; once is enough. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.witnessHandlers();
    const witness = createWitness((exception) => noteException(exception, {}, false, this.app));
    this.undo.push(witnessGlobally(this.config, witness));
    this.attach();
    // In a test the adapter comes after the providers; NestJS 10 does not say when (see `prepare`).
    const attaching = this.app.adapterHost.init$?.subscribe(() => this.attach());
    if (attaching) this.undo.push(() => attaching.unsubscribe());
  }

  /** The last moment for the adapter to be there: the app configures its middleware. */
  prepare(): void {
    if (this.isOpen) this.attach();
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
    this.isOpen = false;
  }

  private attach(): void {
    const adapter = this.app.adapterHost.httpAdapter;
    if (this.hasScopes || !adapter || !enterScopes(this.app, adapter)) return;
    this.hasScopes = true;
    this.undo.push(watchStreams(adapter));
  }

  private witnessHandlers(): void {
    const scanner = new MetadataScanner();
    for (const module of this.app.modules.values()) {
      for (const { metatype } of module.controllers.values()) {
        if (typeof metatype !== 'function' || !metatype.prototype) continue;
        const type = metatype as ClassOf<unknown>;
        for (const name of scanner.getAllMethodNames(type.prototype as object)) {
          const handler = (type.prototype as Record<string, object>)[name];
          if (Reflect.hasMetadata(ROUTE_METADATA, handler)) {
            this.undo.push(witnessHandler(type, name, noteException));
          }
        }
      }
    }
  }
}

/**
 * What a witness does: notes the error for its request. Where the request is unknown, because some
 * library's callback lost the async context, the error's type has to decide; better than to lose it.
 */
export function noteException(
  exception: unknown,
  at: RaisedAt,
  isStreaming: boolean,
  known?: RavenApp,
): void {
  const work = currentScope()?.work;
  if (work instanceof HttpScope) {
    noteHttpError(work, exception, at, isStreaming);
    return;
  }
  const app = known ?? appOf(undefined, at.type);
  if (!app) return;
  try {
    reportError(app, exception, at, {
      type: 'http',
      mechanism: 'auto.http.nestjs',
      handled: isHandledByType(exception),
    });
  } catch (failure) {
    app.client()?.complain('an error could not be reported', failure);
  }
}
