import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

/** Operations and fragments, and where they stand in their text. */
export type GraphqlDocument = Pick<DocumentNode, 'definitions' | 'loc'>;

/** One operation, as far as its driver tells of it. It is read only when something is about to be reported. */
export interface GraphqlOperation {
  readonly schema?: GraphQLSchema;
  readonly document?: GraphqlDocument;
  /** As the client named it; a document with one operation needs no name. */
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  /** What resolvers get as their third argument. */
  readonly contextValue?: unknown;
}

/** The operation of the document that was asked for. */
export function definitionOf({
  document,
  operationName,
}: GraphqlOperation): OperationDefinitionNode | undefined {
  const operations = (document?.definitions ?? []).filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );
  if (!operationName) return operations.length === 1 ? operations[0] : undefined;
  return operations.find(({ name }) => name?.value === operationName);
}

/** The name of the type that an operation's own fields belong to: a schema may call it as it likes. */
export function rootType(
  operation: OperationDefinitionNode['operation'],
  schema: GraphQLSchema | undefined,
): string {
  switch (operation) {
    case 'query':
      return schema?.getQueryType()?.name ?? 'Query';
    case 'mutation':
      return schema?.getMutationType()?.name ?? 'Mutation';
    default:
      return schema?.getSubscriptionType()?.name ?? 'Subscription';
  }
}
