import type { ApplicationConfig } from '@nestjs/core';
import type { WebSocketAdapter } from '@nestjs/common';
import type { ClassOf } from '../../raven.options';
import type { Door } from '../door';
import { GATEWAY_METADATA } from '../nest-metadata';
import { overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { AdapterScopes } from './adapter-scopes';
import { GATEWAY_HOOKS, watchHook, watchHooks } from './gateway-hooks';

/** Where an app's WebSockets come in: connections and messages get scopes of their own, and gateways' hooks are watched. */
export class WsDoor implements Door {
  private readonly undo: (() => void)[] = [];
  private readonly entered = new WeakSet<WebSocketAdapter>();
  private readonly scopes: AdapterScopes;

  constructor(
    private readonly app: RavenApp,
    private readonly config: ApplicationConfig,
  ) {
    this.scopes = new AdapterScopes(app);
  }

  open(): void {
    for (const { type } of this.gateways()) this.undo.push(watchHooks(type));
    // The adapter is the app's to set, or made by Nest when the first gateway is bound: whenever Nest asks for it, it is
    // about to be used. There is no public seam for that, so this one object's method is overlaid.
    this.undo.push(
      overlayMethod(this.config, 'getIoAdapter', (original) => () => {
        const adapter = original.call(this.config) as WebSocketAdapter | undefined;
        if (adapter && !this.entered.has(adapter)) this.enter(adapter);
        return adapter as WebSocketAdapter;
      }),
    );
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }

  private enter(adapter: WebSocketAdapter): void {
    this.entered.add(adapter);
    this.undo.push(this.scopes.enter(adapter));
    // All gateways are made by now, and none is bound: of arrow functions the class knows nothing.
    for (const { type, instance } of this.gateways()) {
      for (const name of GATEWAY_HOOKS) {
        if (name in type.prototype || !isHook(instance, name)) continue;
        this.undo.push(watchHook(instance, name, type));
      }
    }
  }

  private *gateways(): Iterable<{ type: ClassOf<unknown> & { prototype: object }; instance: unknown }> {
    for (const module of this.app.modules.values()) {
      for (const { metatype, instance } of module.providers.values()) {
        if (typeof metatype !== 'function' || !Reflect.hasMetadata(GATEWAY_METADATA, metatype)) continue;
        yield { type: metatype as ClassOf<unknown> & { prototype: object }, instance };
      }
    }
  }
}

function isHook(gateway: unknown, name: string): gateway is object {
  const own = typeof gateway === 'object' && gateway && Object.getOwnPropertyDescriptor(gateway, name);
  return typeof (own && own.value) === 'function';
}
