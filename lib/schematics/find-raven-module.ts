import type { AppFiles } from './app-files';
import { valueImports } from './add-import';
import type { SourceCode } from './source-code';

const METHODS = new Set(['forRoot', 'forRootAsync']);

/** A source of the app that has `RavenModule.forRoot` or `forRootAsync`, in whichever module. */
export function findRavenModule(files: AppFiles, sourceRoot: string): SourceCode | undefined {
  return files.containing(sourceRoot, 'nestjs-raven').find(hasRavenModule);
}

/** Whether a file has it, under whatever name it is imported. */
export function hasRavenModule(code: SourceCode): boolean {
  const { ts, file } = code;
  const names = file.statements
    .flatMap((statement) => valueImports(ts, statement, 'nestjs-raven'))
    .flatMap(({ elements }) => [...elements])
    .filter(({ propertyName, name }) => (propertyName ?? name).text === 'RavenModule')
    .map(({ name }) => name.text);
  return code
    .all(ts.isPropertyAccessExpression)
    .filter(({ name, parent }) => METHODS.has(name.text) && ts.isCallExpression(parent))
    .some(
      ({ expression: owner }) =>
        (ts.isIdentifier(owner) && names.includes(owner.text)) ||
        (ts.isPropertyAccessExpression(owner) && owner.name.text === 'RavenModule'),
    );
}
