import type { GraphQLField, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { currentScope, enterScope, runInScope } from '../../context/scope';
import { safeRead } from '../../event/safe-read';
import { overlayMethod, type Overlaid } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import type { FailedField } from './failed-field';
import type { GraphqlOutcome } from './graphql-outcome';
import type { GraphqlOperation } from './graphql-operation';
import { GraphqlWork } from './graphql-work';

type Subscribe = NonNullable<GraphQLField<unknown, unknown>['subscribe']>;

/**
 * Has every subscription, and each of its events, run in a scope of its own, and sees what fails in subscribing
 * and in the source of events. No driver tells of either, so the fields of this one schema are overlaid.
 *
 * @returns takes the overlays away
 */
export function watchSubscriptions(
  schema: GraphQLSchema,
  app: RavenApp,
  outcome: GraphqlOutcome,
): () => void {
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  const undo = fields
    .filter(({ subscribe }) => subscribe)
    .map((field) =>
      overlayMethod(
        field,
        'subscribe',
        (subscribe) => subscribeInScope(subscribe as Subscribe, app, outcome) as Overlaid,
      ),
    );
  return () => {
    for (const step of undo) step();
  };
}

function subscribeInScope(subscribe: Subscribe, app: RavenApp, outcome: GraphqlOutcome): Subscribe {
  return async function (this: unknown, ...given): Promise<unknown> {
    const [, args, contextValue, info] = given;
    const operation = operationOf(contextValue, info);
    const field: FailedField = {
      parentType: info.parentType.name,
      fieldName: info.fieldName,
      path: [info.path.key],
      args: args as Record<string, unknown>,
    };
    const work = new GraphqlWork(app, operation, field, currentScope());
    const see = (error: unknown): void => outcome.seeError(error, operation, field);
    return runInScope(work, async () => {
      try {
        const source: unknown = await subscribe.apply(this, given);
        if (source instanceof Error) see(source);
        return isAsyncIterable(source)
          ? watchEvents(source, () => new GraphqlWork(app, operation, field, work), see)
          : source;
      } catch (error) {
        see(error);
        throw error;
      }
    });
  };
}

/** The same events, each in a scope of its own: who asks for one executes it, in the async flow it asked in. */
function watchEvents(
  source: AsyncIterable<unknown>,
  newWork: () => GraphqlWork,
  see: (error: unknown) => void,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      const watched: AsyncIterator<unknown> = {
        next: (...given) => {
          enterScope(newWork());
          return watch(iterator.next(...given), see);
        },
      };
      if (iterator.return) watched.return = (value) => iterator.return!(value);
      if (iterator.throw) watched.throw = (error) => iterator.throw!(error);
      return watched;
    },
  };
}

async function watch<T>(event: Promise<T>, see: (error: unknown) => void): Promise<T> {
  try {
    return await event;
  } catch (error) {
    see(error);
    throw error;
  }
}

function operationOf(contextValue: unknown, info: GraphQLResolveInfo): GraphqlOperation {
  const { schema, operation, fragments, variableValues } = info;
  return {
    schema,
    document: { definitions: [operation, ...Object.values(fragments)], loc: operation.loc },
    operationName: operation.name?.value,
    variables: variableValues,
    contextValue,
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof safeRead(value, Symbol.asyncIterator) === 'function';
}
