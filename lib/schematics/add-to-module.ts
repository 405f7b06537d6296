import type ts from 'typescript';
import { ByHand } from './by-hand';
import { findClass } from './find-class';
import type { SourceCode } from './source-code';

const LINE_LENGTH = 80;

/**
 * Adds an import, given as lines, to the `imports` of a module's decorator: as the first, so that what it makes is there
 * before all that other modules make.
 *
 * @throws ByHand where the decorator is not written out
 */
export function addToModule(code: SourceCode, className: string, lines: string[]): SourceCode {
  const { ts } = code;
  const options = moduleOptions(code, className);
  const imports = options.properties.find(
    (property) => property.name !== undefined && nameOf(ts, property.name) === 'imports',
  );
  if (imports === undefined) return addProperty(code, options, lines);
  if (!ts.isPropertyAssignment(imports) || !ts.isArrayLiteralExpression(imports.initializer)) {
    throw new ByHand(`the imports of ${className} are not written there as a list`);
  }
  return addToList(code, imports.initializer, lines);
}

function moduleOptions(code: SourceCode, className: string): ts.ObjectLiteralExpression {
  const { ts } = code;
  const declaration = findClass(code, className);
  const calls = (declaration ? (ts.getDecorators(declaration) ?? []) : [])
    .map(({ expression }) => expression)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => calledName(ts, expression) === 'Module');
  const [call] = calls;
  if (!call) throw new ByHand(`${className} has no @Module() there`);
  const [options] = call.arguments;
  if (!options || !ts.isObjectLiteralExpression(options)) {
    throw new ByHand(`what the @Module() of ${className} is given is not written there`);
  }
  return options;
}

function calledName(ts: SourceCode['ts'], called: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(called)) return called.name.text;
  return ts.isIdentifier(called) ? called.text : undefined;
}

function nameOf(ts: SourceCode['ts'], name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

function addProperty(code: SourceCode, options: ts.ObjectLiteralExpression, lines: string[]): SourceCode {
  const { ts, eol, indent } = code;
  if (options.properties.some(ts.isSpreadAssignment)) {
    throw new ByHand('what its @Module() is given comes from elsewhere, maybe with imports');
  }
  const [first] = options.properties;
  const open = options.getStart() + 1;
  const start = code.behindComments(open);
  const isLineEach = code.isEndOfLine(start);
  const outer = code.indentAt(options.getStart());
  const inner = first && isLineEach ? code.indentAt(first.getStart()) : outer + indent;
  const list =
    lines.length === 1
      ? `imports: [${lines[0]}],`
      : [
          'imports: [',
          ...lines.map((line, at) => indent + line + (at === lines.length - 1 ? ',' : '')),
          '],',
        ].join(eol + inner);
  if (isLineEach) return code.insert(start, eol + inner + list);
  return first
    ? code.insert(first.getStart(), `${list} `)
    : code.insert(open, eol + inner + list + eol + outer);
}

function addToList(code: SourceCode, list: ts.ArrayLiteralExpression, lines: string[]): SourceCode {
  const { eol, indent, text } = code;
  const [first] = list.elements;
  const open = list.getStart() + 1;
  const start = code.behindComments(open);
  const outer = code.indentAt(list.getStart());
  if (code.isEndOfLine(start)) {
    const inner = first ? code.indentAt(first.getStart()) : outer + indent;
    return code.insert(start, `${eol}${inner}${lines.join(eol + inner)},`);
  }
  const inLine = lines[0] + (first ? ', ' : '');
  if (lines.length === 1 && code.lineAt(open).length + inLine.length <= LINE_LENGTH) {
    return code.insert(open, inLine);
  }
  const inner = eol + outer + indent;
  const close = list.getEnd() - 1;
  const rest = text.slice(open, close).trim();
  const others = rest === '' ? '' : `${inner}${rest}${first && !rest.endsWith(',') ? ',' : ''}`;
  return code.replace(open, close, `${inner}${lines.join(inner)},${others}${eol}${outer}`);
}
