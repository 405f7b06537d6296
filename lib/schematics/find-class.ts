import type ts from 'typescript';
import type { SourceCode } from './source-code';

/** A class that a file declares; the name `default` means the one that it exports by default. */
export function findClass({ ts, file }: SourceCode, name: string): ts.ClassDeclaration | undefined {
  return file.statements
    .filter(ts.isClassDeclaration)
    .find(
      (declaration) =>
        declaration.name?.text === name ||
        (name === 'default' &&
          declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true),
    );
}
