import type ts from 'typescript';
import type { SourceCode } from './source-code';

const METHODS = new Set(['create', 'createMicroservice', 'createApplicationContext']);

/** Where a file has Nest make an app: the calls of `NestFactory.create` and its like. */
export function appCreations(code: SourceCode): ts.CallExpression[] {
  const { ts } = code;
  return code
    .all(ts.isCallExpression)
    .filter(
      ({ expression }) =>
        ts.isPropertyAccessExpression(expression) &&
        expression.expression.getText() === 'NestFactory' &&
        METHODS.has(expression.name.text),
    );
}
