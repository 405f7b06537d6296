import type ts from 'typescript';
import { appCreations } from './app-creations';
import { ByHand } from './by-hand';
import type { SourceCode } from './source-code';

/**
 * Has each app that the file makes call its shutdown hooks, right after it was made. A file that does so already, for
 * whatever app, is left as it is.
 *
 * @throws ByHand where no app is made by a statement of the form `const app = await NestFactory.create(…)`
 */
export function enableShutdownHooks(code: SourceCode): SourceCode {
  const { ts, eol } = code;
  const isCalled = code
    .all(ts.isPropertyAccessExpression)
    .some(({ name, parent }) => name.text === 'enableShutdownHooks' && ts.isCallExpression(parent));
  if (isCalled) return code;
  const apps = appCreations(code).flatMap((call) => appVariable(ts, call));
  if (apps.length === 0) {
    throw new ByHand('no variable there is what an awaited NestFactory.create() made');
  }
  // From the last to the first, so that the places of those before stay what they were.
  return apps.reverse().reduce((changed, { name, statement }) => {
    const end = statement.getText().endsWith(';') ? ';' : '';
    const line = `${code.indentAt(statement.getStart())}${name}.enableShutdownHooks()${end}`;
    return changed.insert(code.behindComments(statement.getEnd()), eol + line);
  }, code);
}

interface AppVariable {
  name: string;
  statement: ts.VariableStatement;
}

function appVariable(ts: SourceCode['ts'], call: ts.CallExpression): AppVariable[] {
  let value: ts.Node = call;
  let isAwaited = false;
  while (
    ts.isAwaitExpression(value.parent) ||
    ts.isParenthesizedExpression(value.parent) ||
    ts.isAsExpression(value.parent)
  ) {
    value = value.parent;
    isAwaited ||= ts.isAwaitExpression(value);
  }
  const declaration = value.parent;
  if (!isAwaited || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return [];
  const statement = declaration.parent.parent;
  return ts.isVariableStatement(statement) ? [{ name: declaration.name.text, statement }] : [];
}
