import type ts from 'typescript';
import { ByHand } from './by-hand';
import type { SourceCode } from './source-code';

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Adds a package to the `dependencies` of a package.json that has it nowhere, at its place by the alphabet; all else
 * stays as it is written.
 *
 * @throws ByHand where that is no JSON object, or its dependencies are none
 */
export function addDependency(code: SourceCode, name: string, range: string): SourceCode {
  const { ts, eol, indent } = code;
  const [statement] = code.file.statements;
  const root = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (code.isBroken || !root || !ts.isObjectLiteralExpression(root)) throw new ByHand('it is no JSON object');
  const lists = FIELDS.map((field) => listOf(ts, root, field));
  if (lists.some((list) => list?.properties.some((property) => keyOf(ts, property) === name))) return code;
  const entry = `"${name}": "${range}"`;
  const [dependencies] = lists;
  return dependencies
    ? insertSorted(code, dependencies, name, entry)
    : append(code, root, `"dependencies": {${eol}${indent}${indent}${entry}${eol}${indent}}`);
}

function listOf(
  ts: SourceCode['ts'],
  root: ts.ObjectLiteralExpression,
  field: string,
): ts.ObjectLiteralExpression | undefined {
  const property = root.properties.find((candidate) => keyOf(ts, candidate) === field);
  if (!property) return undefined;
  if (ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer)) {
    return property.initializer;
  }
  throw new ByHand(`its ${field} are no object`);
}

function keyOf(ts: SourceCode['ts'], { name }: ts.ObjectLiteralElementLike): string {
  return name && ts.isStringLiteral(name) ? name.text : '';
}

function insertSorted(
  code: SourceCode,
  list: ts.ObjectLiteralExpression,
  name: string,
  entry: string,
): SourceCode {
  const next = list.properties.find((property) => keyOf(code.ts, property) > name);
  return next ? code.insert(next.getStart(), `${entry},${between(code, list)}`) : append(code, list, entry);
}

function append(code: SourceCode, list: ts.ObjectLiteralExpression, entry: string): SourceCode {
  const last = list.properties.at(-1);
  if (last) return code.insert(last.getEnd(), `,${between(code, list)}${entry}`);
  const outer = code.eol + code.indentAt(list.getStart());
  return code.replace(list.getStart() + 1, list.getEnd() - 1, outer + code.indent + entry + outer);
}

/** What stands between two entries: the end of a line, or a space. */
function between(code: SourceCode, list: ts.ObjectLiteralExpression): string {
  const first = list.properties[0]?.getStart() ?? list.getEnd();
  const isLineEach = code.text.slice(list.getStart(), first).includes('\n');
  return isLineEach ? code.eol + code.indentAt(first) : ' ';
}
