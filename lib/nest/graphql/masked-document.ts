import { isSensitiveName } from '../../event/sensitive-names';
import { MASK } from '../../processors/mask';
import type { GraphqlDocument } from './graphql-operation';

const MAX_LENGTH = 4096;

/** What the walk below needs of a node of a document. */
interface Node {
  readonly kind?: string;
  readonly loc?: { readonly start: number; readonly end: number };
  readonly name?: { readonly value?: string };
}

/**
 * The text of a document without the data in it: literals are to a document what variables are, and are told
 * where those are. Those of arguments that are credentials by their names never are.
 *
 * @param keepData - whether strings and numbers stay as they are
 * @returns undefined where the document does not know its text
 */
export function maskedDocument(document: GraphqlDocument | undefined, keepData: boolean): string | undefined {
  const text = document?.loc?.source.body;
  if (!document || text === undefined) return undefined;
  const masks: { start: number; end: number; mask: string }[] = [];
  visit(document, false, (node, isSecret) => {
    const { loc, kind } = node;
    if (!loc || (keepData && !isSecret)) return;
    if (kind === 'StringValue') masks.push({ ...loc, mask: `"${MASK}"` });
    else if (kind === 'IntValue' || kind === 'FloatValue') masks.push({ ...loc, mask: '0' });
  });
  let masked = '';
  let position = 0;
  for (const { start, end, mask } of masks.sort((one, other) => one.start - other.start)) {
    masked += text.slice(position, start) + mask;
    position = end;
  }
  masked += text.slice(position);
  return masked.length > MAX_LENGTH ? `${masked.slice(0, MAX_LENGTH - 3)}...` : masked;
}

/** Visits the nodes below one. A value is secret if an argument or an input field around it is, by its name. */
function visit(node: Node, isSecret: boolean, onNode: (node: Node, isSecret: boolean) => void): void {
  onNode(node, isSecret);
  const name = node.kind === 'Argument' || node.kind === 'ObjectField' ? node.name?.value : undefined;
  const isSecretBelow = isSecret || (name !== undefined && isSensitiveName(name));
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc') continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof child === 'object' && child !== null) visit(child, isSecretBelow, onNode);
    }
  }
}
