import type { FieldNode, GraphQLError, GraphQLNamedType, GraphQLSchema, SelectionSetNode } from 'graphql';
import { argumentsOf } from './graphql-literals';
import { definitionOf, rootType, type GraphqlOperation } from './graphql-operation';

/** The field of a result that an error stands for. */
export interface FailedField {
  /** Name of the type the field belongs to; of its interface, where only that is known. */
  readonly parentType: string;
  readonly fieldName: string;
  /** Where in the result. */
  readonly path?: readonly (string | number)[];
  /** What the document gives it, not coerced. */
  readonly args?: Record<string, unknown>;
}

/** A field of the document, and the type it is asked of. */
interface Asked {
  node: FieldNode;
  parentType: string;
}

/**
 * Finds the field an error stands for: its path leads from the operation through the document.
 *
 * @returns undefined where the error stands for none, as those of parsing and validation
 */
export function failedField(error: GraphQLError, operation: GraphqlOperation): FailedField | undefined {
  const { path } = error;
  const definition = definitionOf(operation);
  if (!path || !definition) return undefined;
  let parentType: string | undefined = rootType(definition.operation, operation.schema);
  let selections: readonly SelectionSetNode[] = [definition.selectionSet];
  let found: Asked | undefined;
  for (const key of path) {
    if (typeof key !== 'string') continue;
    if (parentType === undefined) return undefined;
    const type: string = parentType;
    const asked = selections.flatMap((set) => fieldsOf(set, type, key, operation));
    found = asked.find(({ node }) => isNodeOf(error, node)) ?? asked[0];
    if (!found) return undefined;
    const { node, parentType: holder } = found;
    selections = asked.flatMap((other) => other.node.selectionSet ?? []);
    parentType = typeOfField(operation.schema, holder, node.name.value);
  }
  if (!found) return undefined;
  const field = {
    parentType: found.parentType,
    fieldName: found.node.name.value,
    path,
    args: argumentsOf(found.node.arguments, operation.variables),
  };
  return entityOf(field) ?? field;
}

/** By its place: the document may have been parsed again. */
function isNodeOf({ nodes }: GraphQLError, { loc }: FieldNode): boolean {
  return loc !== undefined && nodes?.some((node) => node.loc?.start === loc.start) === true;
}

/** In a federated graph: the type whose reference could not be resolved. */
function entityOf({ fieldName, path, args }: Required<FailedField>): FailedField | undefined {
  const [position] = path.slice(-1);
  const { representations } = args;
  if (fieldName !== '_entities' || typeof position !== 'number' || !Array.isArray(representations)) {
    return undefined;
  }
  const reference = representations[position] as { __typename?: unknown } | null | undefined;
  if (typeof reference?.__typename !== 'string') return undefined;
  return { parentType: reference.__typename, fieldName: '__resolveReference', path, args: { ...reference } };
}

/** The fields of a selection that answer under this key, fragments included. */
function fieldsOf(
  { selections }: SelectionSetNode,
  parentType: string,
  key: string,
  operation: GraphqlOperation,
): Asked[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') {
      return (selection.alias ?? selection.name).value === key ? [{ node: selection, parentType }] : [];
    }
    if (selection.kind === 'InlineFragment') {
      const type = selection.typeCondition?.name.value ?? parentType;
      return fieldsOf(selection.selectionSet, type, key, operation);
    }
    // Validation has made sure that fragments do not contain themselves.
    return (operation.document?.definitions ?? []).flatMap((fragment) =>
      fragment.kind === 'FragmentDefinition' && fragment.name.value === selection.name.value
        ? fieldsOf(fragment.selectionSet, fragment.typeCondition.name.value, key, operation)
        : [],
    );
  });
}

function typeOfField(
  schema: GraphQLSchema | undefined,
  parentType: string,
  fieldName: string,
): string | undefined {
  const parent = schema?.getType(parentType) as
    (GraphQLNamedType & { getFields?: () => Record<string, { type: unknown }> }) | undefined;
  let type = parent?.getFields?.()[fieldName]?.type as { ofType?: unknown; name?: string } | undefined;
  while (type?.ofType) type = type.ofType as typeof type;
  return type?.name;
}
