import { countWitness } from '../../decorators/observed-method';
import { standInFor, type AnyMethod } from '../../decorators/stand-in';
import type { ClassOf } from '../../raven.options';
import { createWitness } from './exception-witness';
import type { HandlerKind, RaisedAt } from '../error-reporter';
import { SharedPlacements } from '../shared-placements';
import { FILTERS_METADATA, INTERCEPTORS_METADATA, SSE_METADATA } from '../nest-metadata';
import { StreamWitness } from './stream-witness';

type Handler = (...args: never[]) => unknown;

/** What was put on handlers. Apps that share a class share it too. */
const placements = new SharedPlacements();

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
  const remove = placements.share(type, name, () => place(type, name, kind, onException));
  const handler = (type.prototype as Record<string, Handler>)[name];
  countWitness(handler, 1);
  return () => {
    countWitness(handler, -1);
    remove();
  };
}

function place(
  type: ClassOf<unknown>,
  name: string,
  kind: HandlerKind,
  onException: (exception: unknown, at: RaisedAt, isStreaming: boolean) => void,
): () => void {
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
  return () => {
    for (const step of undo) step();
    disown?.();
  };
}

/**
 * Gives the class a method of its own in place of an inherited one: a handler that several controllers
 * inherit is one function, and could not tell whose exception it is.
 */
function ownHandler(type: ClassOf<unknown>, name: string): (() => void) | undefined {
  const prototype = type.prototype as Record<string, Handler>;
  if (Object.hasOwn(prototype, name)) return undefined;
  const inherited = prototype[name] as AnyMethod;
  const own = standInFor(inherited, function (this: unknown, ...args: unknown[]): unknown {
    return inherited.apply(this, args);
  });
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
