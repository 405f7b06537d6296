import type { GraphQLError } from 'graphql';
import { safeRead, safeString } from '../../event/safe-read';
import { isHandledByType } from '../handled-errors';

/** Errors of GraphQL servers that are made for the caller, beside GraphQLError; an Error of their own each. */
const FOR_THE_CALLER: ReadonlySet<string> = new Set(['ApolloError', 'ErrorWithProps', 'FastifyError']);

/** A frame in GraphQL.js where results are completed: not where arguments are read, which are the caller's. */
const COMPLETION = /[\\/]graphql[\\/](?:type|execution)[\\/](?!values\b)/;

/** What was thrown, of the error that GraphQL.js made of it to say where. */
export function thrownOf(error: GraphQLError): unknown {
  const original: unknown = safeRead(error, 'originalError') ?? error;
  // GraphQL.js wraps what is no Error.
  return safeString(original, 'name') === 'NonErrorThrown' ? safeRead(original, 'thrownValue') : original;
}

/**
 * Whether an error was meant for the caller: a GraphQLError, an HttpException below 500. What does not fit the
 * schema (an Int that is none, an enum's unknown value) is a GraphQLError too, but of GraphQL.js's own and the
 * server's fault.
 *
 * @param isOfField - whether it stands for a field of a result; of those that do not, GraphQL.js's own are
 *   about what the caller asked for
 */
export function isForCaller(thrown: unknown, isOfField: boolean): boolean {
  if (isHandledByType(thrown)) return !(isOfField && isOfCompletion(thrown));
  return isServersOwn(thrown);
}

/** Whether an exception is Nest's for HTTP: one that takes another error's place is an answer. */
export function isAnswer(thrown: unknown): boolean {
  return typeof safeRead(thrown, 'getStatus') === 'function';
}

function isServersOwn(thrown: unknown): boolean {
  const status = safeRead(thrown, 'statusCode');
  if (typeof status === 'number' && status >= 500) return false;
  let type: unknown = safeRead(thrown, 'constructor');
  while (typeof type === 'function' && type.prototype) {
    if (FOR_THE_CALLER.has(type.name)) return true;
    type = Object.getPrototypeOf(type);
  }
  return false;
}

function isOfCompletion(thrown: unknown): boolean {
  const [frame] = /\n\s+at [^\n]+/.exec(safeString(thrown, 'stack') ?? '') ?? [];
  return frame !== undefined && COMPLETION.test(frame);
}
