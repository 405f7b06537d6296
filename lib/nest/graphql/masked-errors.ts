import type { WorkScope } from '../../context/scope';
import type { RaisedAt } from '../error-reporter';

/** Errors that left resolvers, before any filter, which the outcome has not told of yet. */
const noted = new WeakMap<WorkScope, { exception: unknown; at: RaisedAt }[]>();

/** What a resolver's witness was asked about just now: the app's global witness, asked next, is not to judge it. */
let asked: { exception: unknown } | undefined;

/** Takes note of an error that left a resolver. Whether it was handled, the outcome tells. */
export function noteResolverError(work: WorkScope | undefined, exception: unknown, at: RaisedAt): void {
  asked = { exception };
  // All of a handler's filters are asked in one go.
  queueMicrotask(() => (asked = undefined));
  if (!work) return;
  const errors = noted.get(work);
  if (errors) errors.push({ exception, at });
  else noted.set(work, [{ exception, at }]);
}

/** Whether an error is one that left a resolver just now. */
export function leftResolver(exception: unknown): boolean {
  return asked !== undefined && Object.is(asked.exception, exception);
}

/**
 * The error in whose place a filter put another one: it left the same resolver, and the result does not have it.
 *
 * @param thrown - what the result has for the resolver's field
 * @param present - all that the result has
 */
export function takeMasked(
  work: WorkScope | undefined,
  thrown: unknown,
  at: RaisedAt,
  present: readonly unknown[],
): { exception: unknown } | undefined {
  const errors = (work && noted.get(work)) ?? [];
  // It came out as it left the resolver.
  if (!at.type || errors.some(({ exception }) => Object.is(exception, thrown))) return undefined;
  const position = errors.findIndex(
    (candidate) =>
      candidate.at.type === at.type &&
      candidate.at.handlerName === at.handlerName &&
      !present.some((other) => Object.is(other, candidate.exception)),
  );
  return position === -1 ? undefined : errors.splice(position, 1)[0];
}
