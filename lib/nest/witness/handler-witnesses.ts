import { countWitness } from '../../decorators/observed-method';
import type { ClassOf } from '../../raven.options';
import { createWitness } from './exception-witness';
import type { HandlerKind, RaisedAt } from '../error-reporter';
import { FILTERS_METADATA, INTERCEPTORS_METADATA, SSE_METADATA } from '../nest-metadata';
import { StreamWitness } from './stream-witness';

type Handler = (...args: never[]) => unknown;

/** What was put on one handler. Apps that share its class share it too. */
interface Placement {
  handler: Handler;
  apps: number;
  remove: () => void;
}

const placements = new WeakMap<ClassOf<unknown>, Map<string, Placement>>();

/**
 * Puts a witness on a handler, as `@UseFilters` would, so that it is asked before all other filters
 * whenever the handler's guards, interceptors, pipes or the handler itself raise an exception.
 *
 * @param onException - told of each; the same function for all apps, which find themselves by the work in progress
 * @returns takes the witness away again, once no other app needs it
 */
export function witnessHandler(
  type: ClassOf<unknown>,
  name: string,
  kind: HandlerKind,
  onException: (exception: unknown, at: RaisedAt, isStreaming: boolean) => void,
): () => void {
  let ofClass = placements.get(type);
  if (!ofClass) placements.set(type, (ofClass = new Map()));
  let placement = ofClass.get(name);
  if (!placement) ofClass.set(name, (placement = place(type, name, kind, onException)));
  placement.apps += 1;
  countWitness(placement.handler, 1);
  const placed = placement;
  return () => {
    countWitness(placed.handler, -1);
    placed.apps -= 1;
    if (placed.apps > 0) return;
    placed.remove();
    ofClass.delete(name);
  };
}

function place(
  type: ClassOf<unknown>,
  name: string,
  kind: HandlerKind,
  onException: (exception: unknown, at: RaisedAt, isStreaming: boolean) => void,
): Placement {
  const disown = ownHandler(type, name);
  const handler = (type.prototype as Record<string, Handler>)[name];
  const at: RaisedAt = { kind, type, handler, handlerName: name };
  const undo = [
    append(
      FILTERS_METADATA,
      handler,
      createWitness((exception) => onException(exception, at, false)),
    ),
  ];
  if (Reflect.getMetadata(SSE_METADATA, handler) === true) {
    const witness = new StreamWitness((exception) => onException(exception, at, true));
    undo.push(append(INTERCEPTORS_METADATA, handler, witness));
  }
  return {
    handler,
    apps: 0,
    remove: () => {
      for (const step of undo) step();
      disown?.();
    },
  };
}

/**
 * Gives the class a method of its own in place of an inherited one: a handler that several controllers
 * inherit is one function, and could not tell whose exception it is.
 */
function ownHandler(type: ClassOf<unknown>, name: string): (() => void) | undefined {
  const prototype = type.prototype as Record<string, Handler>;
  if (Object.hasOwn(prototype, name)) return undefined;
  const inherited = prototype[name] as (this: unknown, ...args: unknown[]) => unknown;
  const own = function (this: unknown, ...args: unknown[]): unknown {
    return inherited.apply(this, args);
  };
  Object.defineProperty(own, 'name', { value: inherited.name, configurable: true });
  Object.defineProperty(own, 'length', { value: inherited.length, configurable: true });
  for (const key of Reflect.getOwnMetadataKeys(inherited) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, inherited), own);
  }
  Object.defineProperty(prototype, name, {
    value: own,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  return () => {
    if (prototype[name] === (own as Handler)) delete prototype[name];
  };
}

/** Adds to a list in a handler's metadata. @returns takes it out again */
function append(key: string, handler: Handler, added: object): () => void {
  const before = (Reflect.getOwnMetadata(key, handler) as object[] | undefined) ?? [];
  Reflect.defineMetadata(key, [...before, added], handler);
  return () => {
    const now = (Reflect.getOwnMetadata(key, handler) as object[] | undefined) ?? [];
    const left = now.filter((entry) => entry !== added);
    if (left.length > 0) Reflect.defineMetadata(key, left, handler);
    else Reflect.deleteMetadata(key, handler);
  };
}
