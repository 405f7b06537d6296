import { MetadataScanner, type ApplicationConfig } from '@nestjs/core';
import type { ClassOf } from '../raven.options';
import type { Door } from './door';
import type { HandlerKind } from './error-reporter';
import {
  FIELD_RESOLVER_METADATA,
  MESSAGE_METADATA,
  PATTERN_METADATA,
  REFERENCE_RESOLVER_METADATA,
  RESOLVER_TYPE_METADATA,
  ROUTE_METADATA,
} from './nest-metadata';
import { noteException } from './note-exception';
import type { RavenApp } from './raven-app';
import { createWitness } from './witness/exception-witness';
import { witnessGlobally } from './witness/global-witness';
import { witnessHandler } from './witness/handler-witnesses';

/** What makes a method a handler, by the metadata that Nest's decorators write on it. */
const KINDS: readonly [metadata: string, kind: HandlerKind][] = [
  [ROUTE_METADATA, 'http'],
  [PATTERN_METADATA, 'rpc'],
  [MESSAGE_METADATA, 'ws'],
  [RESOLVER_TYPE_METADATA, 'graphql'],
  [FIELD_RESOLVER_METADATA, 'graphql'],
  [REFERENCE_RESOLVER_METADATA, 'graphql'],
];

/** Where the errors of an app's handlers are seen, whatever calls them, and those that no handler is reached for. */
export class HandlersDoor implements Door {
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly app: RavenApp,
    private readonly config: ApplicationConfig,
  ) {}

  open(): void {
    const scanner = new MetadataScanner();
    for (const module of this.app.modules.values()) {
      for (const { metatype } of [...module.controllers.values(), ...module.providers.values()]) {
        if (typeof metatype !== 'function' || !metatype.prototype) continue;
        const type = metatype as ClassOf<unknown>;
        for (const name of scanner.getAllMethodNames(type.prototype as object)) {
          const kind = kindOf((type.prototype as Record<string, object>)[name]);
          if (kind) this.undo.push(witnessHandler(type, name, kind, noteException));
        }
      }
    }
    const witness = createWitness((exception) => noteException(exception, {}, false, this.app));
    this.undo.push(witnessGlobally(this.config, witness, () => (this.app.filterReads += 1)));
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }
}

function kindOf(handler: object): HandlerKind | undefined {
  return KINDS.find(([metadata]) => Reflect.hasMetadata(metadata, handler))?.[1];
}
