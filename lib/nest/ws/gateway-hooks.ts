import { watchOutcome } from '../../client/watch-outcome';
import { standInFor, type AnyMethod } from '../../decorators/stand-in';
import { currentScope, runInScope } from '../../context/scope';
import type { ClassOf } from '../../raven.options';
import type { RaisedAt } from '../error-reporter';
import { liveApps } from '../live-apps';
import { noteException } from '../note-exception';
import { SharedPlacements } from '../shared-placements';
import { witnessHandler } from '../witness/handler-witnesses';
import { WsConnection, WsHook } from './ws-work';

/** What Nest calls of a gateway beside its handlers. */
export const GATEWAY_HOOKS = ['afterInit', 'handleConnection', 'handleDisconnect'] as const;
/** The name of one of them. */
export type GatewayHook = (typeof GATEWAY_HOOKS)[number];

/** The watched hooks of each class. */
const watched = new SharedPlacements();

/**
 * Sees the errors that leave a gateway's hooks. Nest calls hooks outside of everything that filters are asked by, so
 * they go on to become uncaught exceptions or unhandled rejections, as they would without this.
 *
 * Nest binds the methods, so there is no seam but the class itself: it gets methods of its own in their place, and the
 * ones it had back again.
 *
 * @returns takes the watch away, once no other app needs it
 */
export function watchHooks(type: ClassOf<unknown>): () => void {
  const prototype = type.prototype as Record<string, unknown>;
  const undo = GATEWAY_HOOKS.filter((name) => typeof prototype[name] === 'function').flatMap((name) => [
    watched.share(prototype, name, () => watchHook(prototype, name, type)),
    // The filters of a request-scoped gateway are asked about what its hooks throw.
    witnessHandler(type, name, 'ws', noteException),
  ]);
  return () => {
    for (const step of undo.reverse()) step();
  };
}

/**
 * Puts a function that sees errors in place of a hook.
 *
 * @param holder - the prototype, or a gateway that has its hook as a property of its own
 * @returns puts the hook back; whoever put another one there keeps theirs
 */
export function watchHook(holder: object, name: GatewayHook, type: ClassOf<unknown>): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const original = (holder as Record<string, AnyMethod>)[name];
  const value = watching(original, name, type);
  const descriptor = own ?? { configurable: true, writable: true, enumerable: false };
  if (!Reflect.defineProperty(holder, name, { ...descriptor, value })) return () => {};
  return () => {
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== value) return;
    if (own) Object.defineProperty(holder, name, own);
    else delete (holder as Record<string, unknown>)[name];
  };
}

function watching(original: AnyMethod, name: GatewayHook, type: ClassOf<unknown>): AnyMethod {
  const at: RaisedAt = { kind: 'ws', type, handler: original, handlerName: name };
  return standInFor(original, function (this: unknown, ...args: unknown[]): unknown {
    const work = workOf(this, name, type, args);
    if (!work) return original.apply(this, args);
    let hasReturned = false;
    const call = (): unknown => {
      const result = original.apply(this, args);
      hasReturned = true;
      return result;
    };
    const onError = (error: unknown): void => {
      // What is thrown at once by a hook of a request-scoped gateway goes to its filters, and their witness.
      if (hasReturned || !work.app.isRequestScoped(type)) work.noteUncaught(error, at);
    };
    return runInScope(work, () => watchOutcome(call, onError));
  });
}

/**
 * The work that a call of a hook is, where Nest itself called it in an app of this module's: for a connection, or
 * while the app starts. Of a call by the app's own code its caller takes the errors.
 */
function workOf(
  gateway: unknown,
  name: GatewayHook,
  type: ClassOf<unknown>,
  args: readonly unknown[],
): WsHook | undefined {
  const work = currentScope()?.work;
  if (work instanceof WsConnection) return new WsHook(work.app, work, type, name, args);
  if (work || name !== 'afterInit') return undefined;
  const app = [...liveApps].find((candidate) => candidate.owns(gateway));
  return app && new WsHook(app, undefined, type, name, args);
}
