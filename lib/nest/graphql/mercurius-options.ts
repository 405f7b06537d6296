import type { GraphQLError, GraphQLSchema } from 'graphql';
import { currentScope } from '../../context/scope';
import { safeRead, safeString } from '../../event/safe-read';
import { appPackage } from '../app-package';
import type { GraphqlOutcome } from './graphql-outcome';
import type { GraphqlDocument, GraphqlOperation } from './graphql-operation';
import { GraphqlWork } from './graphql-work';

type ErrorFormatter = (execution: { errors?: readonly GraphQLError[] | null }, context: unknown) => unknown;

/** What a Fastify instance is needed for. */
interface FastifyLike {
  addHook(
    name: 'onError',
    hook: (request: { routeOptions?: unknown }, reply: unknown, error: unknown, done: () => void) => void,
  ): unknown;
}

/** Options of Mercurius, as far as they are needed. */
export interface MercuriusOptions {
  schema?: GraphQLSchema;
  path?: string;
  errorFormatter?: unknown;
}

/**
 * Sees the errors of all results where Mercurius makes them into an answer; its hooks come after that, when what
 * was thrown is no longer known. The app's own formatter, or Mercurius's, still does the work.
 *
 * @returns whether there is a formatter to stand before
 */
export function watchMercurius(options: MercuriusOptions, outcome: GraphqlOutcome): boolean {
  const given = options.errorFormatter;
  const format = (
    typeof given === 'function'
      ? given
      : appPackage<{ defaultErrorFormatter: unknown }>('mercurius')?.defaultErrorFormatter
  ) as ErrorFormatter | undefined;
  if (typeof format !== 'function') return false;
  const { schema } = options;
  const errorFormatter: ErrorFormatter = function (this: unknown, execution, context) {
    const errors = execution?.errors ?? [];
    const work = currentScope()?.work;
    const isOfEvent = work instanceof GraphqlWork;
    outcome.seeErrors(errors, isOfEvent ? work.operation : operationOf(schema, errors, context));
    return format.call(this, execution, context);
  };
  options.errorFormatter = errorFormatter;
  return true;
}

/** Sees what no result tells of: a context that cannot be made. Fastify calls its hook for errors alone. */
export function watchFailedRequests(
  fastify: unknown,
  path: string | undefined,
  outcome: GraphqlOutcome,
): void {
  const { addHook } = fastify as Partial<FastifyLike>;
  addHook?.call(fastify, 'onError', (request, _reply, error, done) => {
    if (safeRead(request.routeOptions, 'url') === path) outcome.seeError(error, {});
    done();
  });
}

/** Mercurius keeps the text of the operation; its name and variables are in the request's body. */
function operationOf(
  schema: GraphQLSchema | undefined,
  errors: readonly GraphQLError[],
  context: unknown,
): GraphqlOperation {
  const text = safeString(context, '__currentQuery') ?? errors[0]?.nodes?.[0]?.loc?.source.body;
  const request = safeRead(safeRead(context, 'reply'), 'request');
  const asked = [safeRead(request, 'body'), safeRead(request, 'query')]
    .flat()
    .find((candidate) => text !== undefined && safeRead(candidate, 'query') === text);
  return {
    schema,
    // Parsed only where a field is to be found: most errors are handled.
    get document() {
      const document = parsed(text);
      Object.defineProperty(this, 'document', { value: document });
      return document;
    },
    operationName: safeString(asked, 'operationName'),
    variables: variablesOf(safeRead(asked, 'variables')),
    contextValue: context,
  };
}

function parsed(text: string | undefined): GraphqlDocument | undefined {
  try {
    return text === undefined
      ? undefined
      : appPackage<{ parse: (text: string) => GraphqlDocument }>('graphql')?.parse(text);
  } catch {
    return undefined;
  }
}

/** In a query string they are JSON. */
function variablesOf(given: unknown): Record<string, unknown> | undefined {
  try {
    const variables: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    return typeof variables === 'object' && variables !== null
      ? (variables as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
