import type { RavenApp } from '../raven-app';
import { SharedPlacements } from '../shared-placements';
import { inMessageScope, type MessageHandler } from './message-scopes';
import type { RpcServer } from './rpc-work';

/**
 * Scopes of messages. NestJS 12 has a hook for them (`registerPreRequestHook`), but 10 and 11 have none, a hybrid
 * app that does not inherit the app's configuration has one that nobody can reach, and instances in request scope
 * are made before it. What all have is the server's `addHandler`, which is given every handler of an app; no
 * public seam leads to the server object. So that one method is overlaid while an app with message handlers
 * lives, and it touches only the handlers which that app registers.
 */
interface ServerPrototype {
  addHandler(pattern: unknown, handler: MessageHandler, isEvent?: boolean, extras?: unknown): void;
}

const overlays = new SharedPlacements();

/** The app that registers its handlers now; registering is synchronous. */
let registering: RavenApp | undefined;
/** How often its global filters had been read when the last handler was registered. */
let filterReads = 0;

/** What is known of each server. */
const servers = new WeakMap<object, RpcServer>();

/**
 * Marks when this app registers its handlers: to do so Nest goes through the app's modules, by the `forEach` of
 * the container's own Map, which is overlaid for this one object.
 *
 * @returns takes the overlay away
 */
export function whileRegistering(app: RavenApp): () => void {
  const { modules } = app;
  const forEach: typeof modules.forEach = (callback, thisArg) => {
    const outer = registering;
    registering = app;
    filterReads = app.filterReads;
    try {
      Map.prototype.forEach.call(modules, callback as Parameters<typeof Map.prototype.forEach>[0], thisArg);
    } finally {
      registering = outer;
    }
  };
  Object.defineProperty(modules, 'forEach', { value: forEach, configurable: true, writable: true });
  return () => {
    if (modules.forEach === forEach) delete (modules as { forEach?: unknown }).forEach;
  };
}

/** Has the handlers that apps of this module register run in scopes. @returns takes the overlay away once no app needs it */
export function scopeHandlersOf(prototype: object): () => void {
  // A transport that registers as the base class does needs no overlay of its own.
  if (!Object.hasOwn(prototype, 'addHandler')) return () => {};
  return overlays.share(prototype, 'addHandler', () => place(prototype as ServerPrototype));
}

function place(prototype: ServerPrototype): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'addHandler') as PropertyDescriptor;
  const original = descriptor.value as ServerPrototype['addHandler'];
  function addHandler(
    this: ServerPrototype & { transportId?: unknown },
    pattern: unknown,
    handler: MessageHandler,
    isEvent = false,
    ...rest: unknown[]
  ): void {
    const scoped = registering
      ? inMessageScope(registering, { pattern, isEvent, server: serverOf(this, registering) }, handler)
      : handler;
    Reflect.apply(original, this, [pattern, scoped, isEvent, ...rest]);
  }
  Object.defineProperty(prototype, 'addHandler', { ...descriptor, value: addHandler });
  return () => {
    if (prototype.addHandler === (addHandler as unknown)) {
      Object.defineProperty(prototype, 'addHandler', descriptor);
    }
  };
}

/** Nest has read the app's global filters for the handler that is being registered if they apply to this server. */
function serverOf(server: { transportId?: unknown }, app: RavenApp): RpcServer {
  let known = servers.get(server);
  if (!known) servers.set(server, (known = { transportId: server.transportId, asksGlobalFilters: false }));
  if (app.filterReads !== filterReads) known.asksGlobalFilters = true;
  filterReads = app.filterReads;
  return known;
}
