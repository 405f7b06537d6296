import { safeRead } from '../event/safe-read';
import type { RaisedAt } from './error-reporter';
import { CATCH_METADATA, FILTERS_METADATA } from './nest-metadata';
import { isWitness } from './witness/exception-witness';

/** Errors made for the caller, by the name of their class: importing it would need the package they come from. */
const FOR_THE_CALLER: ReadonlySet<string> = new Set([
  'RpcException',
  'WsException',
  'GraphQLError',
  'GrpcException',
]);

/**
 * Whether an error counts as handled where no status tells: its type says that it was meant for the caller, or
 * a filter of the app's own takes just this kind of error.
 *
 * @param globalFilters - those that Nest asks here
 */
export function isHandled(exception: unknown, at: RaisedAt, globalFilters: readonly object[]): boolean {
  if (isHandledByType(exception)) return true;
  // An HttpException says by its status whether the caller could help it.
  if (typeof safeRead(exception, 'getStatus') === 'function') return false;
  return isTakenByFilter(exception, at, globalFilters);
}

/** Whether the type of an error says that it was meant for the caller: an HttpException below 500, an RpcException and the like. */
export function isHandledByType(exception: unknown): boolean {
  if (typeof exception !== 'object' || exception === null) return false;
  const getStatus = safeRead(exception, 'getStatus');
  if (typeof getStatus === 'function') {
    return statusOf(exception, getStatus) < 500;
  }
  for (let type = classOf(exception); type; type = Object.getPrototypeOf(type) as typeof type) {
    if (FOR_THE_CALLER.has(type.name ?? '')) return true;
  }
  return false;
}

/** The status an exception asks for; none counts as 500. */
function statusOf(exception: object, getStatus: object): number {
  try {
    const status: unknown = Reflect.apply(getStatus as () => unknown, exception, []);
    return typeof status === 'number' ? status : 500;
  } catch {
    return 500;
  }
}

/**
 * Whether the filter that Nest would choose names the error's class. A filter for everything, or for every
 * Error, tells nothing: it may only log.
 */
function isTakenByFilter(
  exception: unknown,
  { type, handler }: RaisedAt,
  globalFilters: readonly object[],
): boolean {
  // Nest asks those of the method first, and in each list the last first.
  for (const filter of [...globalFilters, ...listOf(type), ...listOf(handler)].reverse()) {
    if (isWitness(filter)) continue;
    const named = typesOf(filter);
    if (named.length === 0) return false;
    const chosen = named.find((candidate) => exception instanceof candidate);
    if (chosen) return chosen !== Error && chosen !== Object;
  }
  return false;
}

function listOf(holder: object | undefined): object[] {
  return holder ? ((Reflect.getMetadata(FILTERS_METADATA, holder) as object[] | undefined) ?? []) : [];
}

/** The classes a filter is for; none stand for all. */
function typesOf(filter: object): (abstract new (...args: never[]) => unknown)[] {
  const type = typeof filter === 'function' ? filter : filter.constructor;
  return (Reflect.getMetadata(CATCH_METADATA, type) as ReturnType<typeof typesOf> | undefined) ?? [];
}

function classOf(exception: object): ({ name?: string } & (new () => unknown)) | undefined {
  const type: unknown = safeRead(exception, 'constructor');
  return typeof type === 'function' ? (type as ReturnType<typeof classOf>) : undefined;
}
