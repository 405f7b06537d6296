import type { ArgumentNode, ObjectFieldNode, ValueNode } from 'graphql';

/** The arguments of a field as plain data, variables filled in; not coerced, as the schema would. */
export function argumentsOf(
  named: readonly (ArgumentNode | ObjectFieldNode)[] | undefined,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> {
  return Object.fromEntries((named ?? []).map(({ name, value }) => [name.value, plain(value, variables)]));
}

function plain(node: ValueNode, variables: Readonly<Record<string, unknown>> | null | undefined): unknown {
  switch (node.kind) {
    case 'Variable':
      return variables?.[node.name.value];
    case 'IntValue':
    case 'FloatValue':
      return Number(node.value);
    case 'NullValue':
      return null;
    case 'ListValue':
      return node.values.map((value) => plain(value, variables));
    case 'ObjectValue':
      return argumentsOf(node.fields, variables);
    default:
      return node.value;
  }
}
