import { MetadataScanner } from '@nestjs/core';
import { appPackages } from '../app-package';
import type { Door } from '../door';
import { PATTERN_METADATA } from '../nest-metadata';
import type { RavenApp } from '../raven-app';
import { linkClients } from './linked-clients';
import { scopeHandlersOf, whileRegistering } from './server-overlay';

/** What this door needs of `@nestjs/microservices`: the base class of all transports' servers, and what is made of it. */
interface Microservices {
  Server: new () => object;
  [name: string]: unknown;
}

/** Where an app's messages come in, each in a scope of its own, and where they go out, with the trace they belong to. */
export class RpcDoor implements Door {
  private readonly undo: (() => void)[] = [];

  constructor(private readonly app: RavenApp) {}

  open(): void {
    if (!this.hasMessageHandlers()) return;
    for (const copy of copies()) {
      for (const prototype of serverPrototypes(copy)) this.undo.push(scopeHandlersOf(prototype));
    }
    this.undo.push(whileRegistering(this.app));
  }

  /** The clients are there: what they send belongs to the trace of what sends it. */
  ready(): void {
    this.undo.push(linkClients(this.app));
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }

  private hasMessageHandlers(): boolean {
    const scanner = new MetadataScanner();
    for (const module of this.app.modules.values()) {
      for (const { metatype } of module.controllers.values()) {
        if (typeof metatype !== 'function' || !metatype.prototype) continue;
        const prototype = metatype.prototype as Record<string, object>;
        const names = scanner.getAllMethodNames(prototype);
        if (names.some((name) => Reflect.hasMetadata(PATTERN_METADATA, prototype[name]))) return true;
      }
    }
    return false;
  }
}

function copies(): Set<Microservices> {
  const copies = new Set(appPackages<Microservices>('@nestjs/microservices'));
  try {
    // Written so that a bundler sees it: where the app is one file, nothing else leads to its copy.
    copies.add(require('@nestjs/microservices') as Microservices);
  } catch {
    // Not from here.
  }
  return copies;
}

/** Some transports register handlers in a way of their own: gRPC, and Kafka where a pattern is a RegExp. */
function serverPrototypes({ Server, ...others }: Microservices): object[] {
  const base = Server.prototype as object;
  const derived = Object.values(others)
    .map((value) => (typeof value === 'function' ? (value.prototype as object | undefined) : undefined))
    .filter((prototype) => prototype !== undefined && Object.prototype.isPrototypeOf.call(base, prototype));
  return [base, ...(derived as object[])];
}
