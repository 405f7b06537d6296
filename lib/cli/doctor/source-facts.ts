import { relative } from 'node:path';
import type { CallExpression, Expression, Node, SourceFile, VariableDeclaration } from 'typescript';
import { readSmallFile } from '../../event/read-small-file';
import type { TypeScript } from './app-typescript';

/** A package or file that a source imports. */
export interface ImportFact {
  module: string;
  line: number;
}

/** A call of a function or method in a source. */
export interface CallFact {
  /** `forRoot` of `RavenModule.forRoot()`, `config` of `config()`. */
  method: string;
  /** `RavenModule`, by the name it has where it was declared; undefined of a plain function. */
  object?: string;
  /** The package or file that object or function is imported from; undefined where it is not imported. */
  module?: string;
  line: number;
  /** The source of each property, where the first argument is an object, and `...` of others put into it. It may hold a
   * secret: not to be shown. */
  options: ReadonlyMap<string, string>;
  /** Where in a module's `imports` it stands: which list, and which place there. Undefined of any other call. */
  inImports?: { list: number; index: number };
}

/** What the checks need to know of a source. */
export interface SourceFacts {
  /** Relative to the app's folder. */
  path: string;
  imports: readonly ImportFact[];
  calls: readonly CallFact[];
  /** Names that are used, by the package they are imported from: `{ '@sentry/nestjs/setup': {'SentryGlobalFilter'} }`. */
  imported: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where a local name comes from. */
interface Binding {
  module: string;
  /** The name there; `*` of the whole. */
  name: string;
}

/** Reads a source by the app's TypeScript, without types. One that cannot be parsed says what can be read of it. */
export function sourceFacts(ts: TypeScript, path: string, folder: string): SourceFacts {
  const source = ts.createSourceFile(path, readSmallFile(path) ?? '', ts.ScriptTarget.Latest, true);
  const imports: ImportFact[] = [];
  const calls: CallFact[] = [];
  const bindings = readImports(ts, source, imports);
  const visit = (node: Node): void => {
    if (ts.isCallExpression(node)) {
      const call = callFact(ts, source, node, bindings);
      if (call) calls.push(call);
      const [first] = node.arguments;
      const isLoading = ts.isIdentifier(node.expression)
        ? node.expression.text === 'require'
        : node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if (isLoading && first && ts.isStringLiteralLike(first)) {
        imports.push({ module: first.text, line: lineOf(source, node) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const imported = new Map<string, Set<string>>();
  for (const { module, name } of bindings.values()) {
    imported.set(module, (imported.get(module) ?? new Set()).add(name));
  }
  return { path: relative(folder, path), imports, calls, imported };
}

/** Notes what is imported. @returns what local names stand for */
function readImports(ts: TypeScript, source: SourceFile, imports: ImportFact[]): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations)
        addRequired(ts, declaration, bindings);
    }
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const clause = statement.importClause;
    // Types are not there at run time.
    if (clause?.isTypeOnly) continue;
    const module = statement.moduleSpecifier.text;
    imports.push({ module, line: lineOf(source, statement) });
    if (clause?.name) bindings.set(clause.name.text, { module, name: 'default' });
    const named = clause?.namedBindings;
    if (named && ts.isNamespaceImport(named)) bindings.set(named.name.text, { module, name: '*' });
    if (!named || !ts.isNamedImports(named)) continue;
    for (const { name, propertyName, isTypeOnly } of named.elements) {
      if (!isTypeOnly) bindings.set(name.text, { module, name: (propertyName ?? name).text });
    }
  }
  return bindings;
}

/** What `const { a } = require('b')` and `const a = require('b')` stand for. */
function addRequired(
  ts: TypeScript,
  { name, initializer }: VariableDeclaration,
  bindings: Map<string, Binding>,
): void {
  if (!initializer || !ts.isCallExpression(initializer) || !ts.isIdentifier(initializer.expression)) return;
  const [first] = initializer.arguments;
  if (initializer.expression.text !== 'require' || !first || !ts.isStringLiteralLike(first)) return;
  const module = first.text;
  if (ts.isIdentifier(name)) bindings.set(name.text, { module, name: '*' });
  if (!ts.isObjectBindingPattern(name)) return;
  for (const { name: local, propertyName } of name.elements) {
    const there = propertyName ?? local;
    if (ts.isIdentifier(local) && ts.isIdentifier(there))
      bindings.set(local.text, { module, name: there.text });
  }
}

function callFact(
  ts: TypeScript,
  source: SourceFile,
  call: CallExpression,
  bindings: ReadonlyMap<string, Binding>,
): CallFact | undefined {
  const names = namesOf(ts, call.expression);
  if (!names) return undefined;
  const binding = bindings.get(names[0]);
  // The name there, unless the whole was imported: then the next one is.
  const known = binding && binding.name !== '*' && binding.name !== 'default' ? [binding.name] : [];
  const path = binding ? [...known, ...names.slice(1)] : names;
  const method = path.at(-1) ?? names[0];
  const inImports = placeInImports(ts, call);
  return {
    method,
    ...(path.at(-2) && { object: path.at(-2) }),
    ...(binding && { module: binding.module }),
    line: lineOf(source, call),
    options: optionsOf(ts, source, call.arguments[0]),
    ...(inImports && { inImports }),
  };
}

/** `['a', 'b', 'c']` of `a.b.c`, `['', 'c']` of `a().c`; undefined of anything else. */
function namesOf(ts: TypeScript, expression: Expression): string[] | undefined {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  return [...(namesOf(ts, expression.expression) ?? ['']), expression.name.text];
}

function optionsOf(
  ts: TypeScript,
  source: SourceFile,
  argument: Expression | undefined,
): Map<string, string> {
  const options = new Map<string, string>();
  if (!argument || !ts.isObjectLiteralExpression(argument)) return options;
  for (const property of argument.properties) {
    const { name } = property;
    if (ts.isSpreadAssignment(property)) options.set('...', property.expression.getText(source));
    if (!name || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) continue;
    options.set(
      name.text,
      ts.isPropertyAssignment(property) ? property.initializer.getText(source) : name.text,
    );
  }
  return options;
}

/** Whether it is an element of a list that is somebody's `imports`, or part of one. */
function placeInImports(ts: TypeScript, call: CallExpression): CallFact['inImports'] {
  let inner: Node = call;
  for (let outer: Node = call.parent; outer; inner = outer, outer = outer.parent) {
    if (!ts.isArrayLiteralExpression(outer)) continue;
    const owner = outer.parent;
    if (!ts.isPropertyAssignment(owner) || !ts.isIdentifier(owner.name) || owner.name.text !== 'imports')
      continue;
    return { list: outer.pos, index: outer.elements.findIndex((element) => element === inner) };
  }
  return undefined;
}

function lineOf(source: SourceFile, node: Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
