import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { GraphqlOutcome } from './graphql-outcome';
import type { GraphqlOperation } from './graphql-operation';

/** What Apollo Server tells its plugins of a request, as far as it is needed. */
interface ApolloRequest {
  schema?: GraphQLSchema;
  document?: GraphqlOperation['document'];
  operationName?: string | null;
  request?: { operationName?: string | null; variables?: Record<string, unknown> };
  contextValue?: unknown;
  /** What Apollo Server 3 calls it. */
  context?: unknown;
  errors?: readonly GraphQLError[];
}

/** A plugin of Apollo Server that sees the errors of all results, and nothing where there are none. */
export function apolloPlugin(outcome: GraphqlOutcome): object {
  const listener = {
    didEncounterErrors(request: ApolloRequest): Promise<void> {
      outcome.seeErrors(request.errors ?? [], operationOf(request));
      return Promise.resolve();
    },
    // Parts of a result that were deferred.
    didEncounterSubsequentErrors(request: ApolloRequest, errors: readonly GraphQLError[]): Promise<void> {
      outcome.seeErrors(errors, operationOf(request));
      return Promise.resolve();
    },
  };
  return {
    requestDidStart: () => Promise.resolve(listener),
    contextCreationDidFail({ error }: { error: unknown }): Promise<void> {
      outcome.seeError(error, {});
      return Promise.resolve();
    },
    // A plugin of the app's failed, or the formatting of errors.
    unexpectedErrorProcessingRequest(failed: {
      requestContext: ApolloRequest;
      error: unknown;
    }): Promise<void> {
      outcome.seeError(failed.error, operationOf(failed.requestContext));
      return Promise.resolve();
    },
  };
}

function operationOf(request: ApolloRequest): GraphqlOperation {
  return {
    schema: request.schema,
    document: request.document,
    operationName: request.operationName ?? request.request?.operationName,
    variables: request.request?.variables,
    contextValue: request.contextValue ?? request.context,
  };
}
