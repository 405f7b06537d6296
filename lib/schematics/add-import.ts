import type ts from 'typescript';
import { ByHand } from './by-hand';
import type { SourceCode } from './source-code';

/**
 * Imports a name of a package: in the import that there is of it, else in one of its own behind those of packages.
 *
 * @throws ByHand where the name is another thing in that file
 */
export function addImport(code: SourceCode, name: string, from: string): SourceCode {
  const { ts, file } = code;
  const lists = file.statements.flatMap((statement) => valueImports(ts, statement, from));
  if (lists.some(({ elements }) => elements.some((element) => isImported(element, name)))) return code;
  if (code.all(ts.isIdentifier).some(({ text }) => text === name)) {
    throw new ByHand(`${name} is something else there than the one of ${from}`);
  }
  const list = lists.find(({ elements }) => elements.length > 0);
  return list ? addToList(code, list, name) : addStatement(code, name, from);
}

/** The names that a statement imports from a package, to be used and not only as types. */
export function valueImports(ts: SourceCode['ts'], statement: ts.Statement, from: string): ts.NamedImports[] {
  if (!ts.isImportDeclaration(statement) || specifierOf(ts, statement) !== from) return [];
  const { importClause } = statement;
  const names = importClause?.namedBindings;
  return importClause && !importClause.isTypeOnly && names && ts.isNamedImports(names) ? [names] : [];
}

function isImported({ isTypeOnly, propertyName, name }: ts.ImportSpecifier, wanted: string): boolean {
  return !isTypeOnly && name.text === wanted && (propertyName === undefined || propertyName.text === wanted);
}

function addToList(code: SourceCode, list: ts.NamedImports, name: string): SourceCode {
  const [first] = list.elements;
  const last = list.elements.at(-1);
  if (!first || !last) return code;
  const isLineEach = code.text.slice(list.getStart(), first.getStart()).includes('\n');
  const before = isLineEach ? code.eol + code.indentAt(last.getStart()) : ' ';
  return code.insert(last.getEnd(), `,${before}${name}`);
}

function addStatement(code: SourceCode, name: string, from: string): SourceCode {
  const { ts, eol, quote } = code;
  const statements = code.file.statements.filter(
    (statement) => ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement),
  );
  const [first] = statements;
  if (!first) throw new ByHand('it imports nothing');
  const ofPackages = statements.filter(
    (statement) => !ts.isImportDeclaration(statement) || !specifierOf(ts, statement).startsWith('.'),
  );
  const end = first.getText().endsWith(';') ? ';' : '';
  const added = `import { ${name} } from ${quote}${from}${quote}${end}`;
  const before = ofPackages.at(-1);
  return before
    ? code.insert(code.behindComments(before.getEnd()), eol + added)
    : code.insert(first.getStart(), added + eol);
}

function specifierOf(ts: SourceCode['ts'], { moduleSpecifier }: ts.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
}
