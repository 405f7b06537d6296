import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import { isThenable } from '../../event/thenable';
import { currentScope, runInScope } from '../../context/scope';
import { appPackage } from '../app-package';
import type { RavenApp } from '../raven-app';
import type { GraphqlOutcome } from './graphql-outcome';
import { definitionOf, type GraphqlOperation } from './graphql-operation';
import { GraphqlWork } from './graphql-work';

type Execute = (args: ExecutionArgs) => unknown;

/** Options of graphql-ws's server, as far as they are needed. */
interface GraphqlWsOptions {
  execute?: Execute;
  onNext?: (...args: unknown[]) => unknown;
}

/** What this needs of GraphQL.js. */
interface GraphqlPackage {
  GraphQLSchema: new (...args: never[]) => GraphQLSchema;
  execute: Execute;
}

/**
 * Options of graphql-ws with which the results it sends are seen, and queries and mutations run in a scope of
 * their own; subscriptions have theirs from the schema. All that the app's own options do they still do.
 */
export function graphqlWsOptions(
  given: unknown,
  schema: unknown,
  app: RavenApp,
  outcome: GraphqlOutcome,
): object {
  const options: GraphqlWsOptions = typeof given === 'object' && given !== null ? given : {};
  const execute = options.execute ?? executeOf(schema);
  return {
    ...options,
    ...(execute && { execute: (args: ExecutionArgs) => executeInScope(execute, args, app, outcome) }),
    // Its arguments differ between versions: what was executed and what came of it are the last ones in all.
    onNext(...args: unknown[]): unknown {
      const [executed, result] = args.slice(-2) as [ExecutionArgs, ExecutionResult | undefined];
      if (result?.errors) {
        const operation = operationOf(executed);
        const isSubscription = definitionOf(operation)?.operation === 'subscription';
        // Errors of subscribing have no data beside them: the schema's door saw them.
        if (isSubscription ? 'data' in result : !execute) outcome.seeErrors(result.errors, operation);
      }
      return options.onNext?.(...args);
    },
  };
}

/** GraphQL.js's own, if this is the copy the schema was made with: another one would refuse it. */
function executeOf(schema: unknown): Execute | undefined {
  const graphql = appPackage<GraphqlPackage>('graphql');
  return graphql && schema instanceof graphql.GraphQLSchema ? graphql.execute : undefined;
}

function executeInScope(
  execute: Execute,
  args: ExecutionArgs,
  app: RavenApp,
  outcome: GraphqlOutcome,
): unknown {
  const operation = operationOf(args);
  const see = <T>(result: T): T => {
    const { errors } = result as ExecutionResult;
    if (errors) outcome.seeErrors(errors, operation);
    return result;
  };
  return runInScope(new GraphqlWork(app, operation, undefined, currentScope()), () => {
    const result = execute(args);
    return isThenable(result) ? result.then(see) : see(result);
  });
}

function operationOf(args: ExecutionArgs): GraphqlOperation {
  const { schema, document, operationName, variableValues: variables, contextValue } = args;
  return { schema, document, operationName, variables, contextValue };
}
