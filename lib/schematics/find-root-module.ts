import { posix } from 'node:path';
import type ts from 'typescript';
import { appCreations } from './app-creations';
import type { AppFiles } from './app-files';
import { ByHand } from './by-hand';
import { findClass } from './find-class';
import type { SourceCode } from './source-code';

/** The class that an app is made of, and the file that declares it. */
export interface RootModule {
  code: SourceCode;
  /** `default` where it has no name of its own. */
  name: string;
}

/**
 * Finds the module that an entry file gives to Nest, through imports and re-exports; where that leads nowhere,
 * `AppModule` of `app.module.ts`, or `.js`.
 *
 * @throws ByHand where there is none, or apps of several modules are made
 */
export function findRootModule(
  files: AppFiles,
  entry: SourceCode | undefined,
  sourceRoot: string,
): RootModule {
  const names = new Set(entry ? appCreations(entry).flatMap((call) => moduleName(entry.ts, call)) : []);
  if (names.size > 1) throw new ByHand(`apps are made of ${[...names].join(' and ')}`);
  const [name] = names;
  const found = entry && name !== undefined ? follow(files, entry, name, new Set()) : undefined;
  if (found) return found;
  for (const usual of ['app.module.ts', 'app.module.js']) {
    const code = files.read(posix.join(sourceRoot, usual));
    if (code && findClass(code, 'AppModule')) return { code, name: 'AppModule' };
  }
  throw new ByHand(
    name === undefined ? 'no module of the app was found' : `the file that declares ${name} was not found`,
  );
}

/** `AppModule` of `create(AppModule)` and of `create(AppModule.register())`. */
function moduleName(ts: SourceCode['ts'], call: ts.CallExpression): string[] {
  const [given] = call.arguments;
  if (given && ts.isIdentifier(given)) return [given.text];
  const called = given && ts.isCallExpression(given) ? given.expression : undefined;
  return called && ts.isPropertyAccessExpression(called) && ts.isIdentifier(called.expression)
    ? [called.expression.text]
    : [];
}

function follow(files: AppFiles, code: SourceCode, name: string, seen: Set<string>): RootModule | undefined {
  const step = `${code.path} ${name}`;
  if (seen.has(step)) return undefined;
  seen.add(step);
  if (findClass(code, name)) return { code, name };
  for (const statement of code.file.statements) {
    for (const next of sources(code, statement, name)) {
      const target = next.from === undefined ? code : files.readImported(code.path, next.from);
      const found = target && follow(files, target, next.name, seen);
      if (found) return found;
    }
  }
  return undefined;
}

/** What a name may be elsewhere, as far as one import or export tells; without `from` in the same file. */
function sources(
  { ts }: SourceCode,
  statement: ts.Statement,
  name: string,
): { from: string | undefined; name: string }[] {
  if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    const from = statement.moduleSpecifier.text;
    const { name: byDefault, namedBindings } = statement.importClause ?? {};
    if (byDefault?.text === name) return [{ from, name: 'default' }];
    return namedBindings && ts.isNamedImports(namedBindings)
      ? renamed(namedBindings.elements, name, from)
      : [];
  }
  if (ts.isExportDeclaration(statement)) {
    const { moduleSpecifier, exportClause } = statement;
    const from = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (exportClause === undefined) return [{ from, name }];
    return ts.isNamedExports(exportClause) ? renamed(exportClause.elements, name, from) : [];
  }
  if (name === 'default' && ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) {
    return [{ from: undefined, name: statement.expression.text }];
  }
  return [];
}

function renamed(
  elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[],
  wanted: string,
  from: string | undefined,
): { from: string | undefined; name: string }[] {
  return elements
    .filter(({ name }) => name.text === wanted)
    .map(({ name, propertyName }) => ({ from, name: (propertyName ?? name).text }));
}
