import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './root.mjs';

const OPTIONS = join(ROOT, 'lib/raven.options.ts');
/** What the module is told beside the client's options; `name` is one of those as well. */
const EXTRAS = join(ROOT, 'lib/raven.module-definition.ts');
const HEAD = `# Options

Of \`RavenModule.forRoot\`, \`RavenModule.forRootAsync\` and \`new RavenClient\`. An unknown option or a wrong value stops the app at start-up and says what is expected. The environment fills in what is not given: \`SENTRY_DSN\`, \`SENTRY_RELEASE\`, \`SENTRY_DIST\`, \`SENTRY_ENVIRONMENT\`, \`SENTRY_NAME\`, \`SENTRY_SPOTLIGHT\`.
`;

/** The page of all options: names, types and docstrings as lib/raven.options.ts has them. */
export function optionsReference() {
  const source = parse(OPTIONS);
  const extras = membersOf(parse(EXTRAS), 'RavenModuleExtras').filter(({ name }) => name !== 'name');
  const options = [...membersOf(source, 'RavenOptions'), ...extras].map((member) => {
    const { name, type, text } = member;
    const parts = [`## ${name}`, text, `Type: \`${type}\``];
    return [...parts, ...partsOf(member, source)].join('\n\n');
  });
  return `${[HEAD.trim(), ...options].join('\n\n')}\n`;
}

/** Tables of the members of what an option's type names, where that is an interface of ours. */
function partsOf({ node }, source) {
  return namesIn(node.type).flatMap((name) => {
    const declared = declarationOf(name, source);
    const members = declared === undefined ? [] : membersOf(declared, name);
    // One with methods is a class's to implement: the API reference has it.
    if (
      members.length === 0 ||
      members.some(({ node: { kind } }) => kind !== ts.SyntaxKind.PropertySignature)
    ) {
      return [];
    }
    const rows = members.map((member) => `| \`${member.name}\` | ${cell(member.type)} | ${member.text} |`);
    return [`| ${name} | | |\n| --- | --- | --- |\n${rows.join('\n')}`];
  });
}

/** The members of an interface, each with its docstring on one line. */
export function membersOf(source, interfaceName) {
  const declared = source.statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === interfaceName,
  );
  return (declared?.members ?? []).map((node) => ({
    node,
    name: node.name.getText(source),
    type: typeOf(node, source),
    text: docstringOf(node),
  }));
}

/** What is optional may be undefined, for those who compile by `exactOptionalPropertyTypes`: no reader needs to be told. */
function typeOf(node, source) {
  const type = node.type?.getText(source).replace(/\s+/g, ' ') ?? '';
  return node.questionToken === undefined ? type : type.replace(/^\| /, '').replace(/ \| undefined$/, '');
}

export function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** A page that it names is a link. */
function docstringOf(node) {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ');
  return text.replace(/\s+/g, ' ').replace(/\bdocs\/([\w/-]+\.md)/g, '[docs/$1](../$1)');
}

/** The file that declares a type of this name: it, or one that it imports from. */
function declarationOf(name, source) {
  const imported = source.statements.find(
    (node) =>
      ts.isImportDeclaration(node) &&
      node.moduleSpecifier.text.startsWith('.') &&
      node.importClause?.namedBindings?.elements?.some((element) => element.name.text === name),
  );
  if (imported === undefined) return undefined;
  return parse(resolve(dirname(source.fileName), `${imported.moduleSpecifier.text}.ts`));
}

/** Names of types in a type, in their order. */
function namesIn(type) {
  const names = [];
  const visit = (node) => {
    if (ts.isTypeReferenceNode(node)) names.push(node.typeName.getText());
    node.forEachChild(visit);
  };
  if (type) visit(type);
  return names;
}

/** A bar would end the cell. */
function cell(type) {
  return `\`${type.replaceAll('|', '\\|')}\``;
}
