import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a suite says of the context it tests, in the comment it begins with. */
export interface DeclaredContext {
  /** The suite's path, from the project's root. */
  file: string;
  context: string;
  sees: string;
  handled: string;
  transaction: string;
  /** The tests that prove it, by their titles; absent where there is none. */
  proofs: Partial<Record<Proof, string>>;
}

/** What there is to prove of a context. */
export const PROOFS = ['once', 'unchanged', 'isolated', 'undone'] as const;
export type Proof = (typeof PROOFS)[number];

const ROOT = join(__dirname, '../..');

/** The contexts that suites declare, in the order of the page. */
export function declaredContexts(): DeclaredContext[] {
  return ['test/e2e', 'test/rpc', 'test/brokers']
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    .filter((file) => file.endsWith('.spec.ts'))
    .map(declarationOf)
    .filter((declared) => declared !== undefined)
    .toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
}

function orderOf({ context }: DeclaredContext): string {
  const order = ['HTTP', 'GraphQL', 'Microservices', 'WebSockets', '@nestjs/'];
  const place = order.findIndex((start) => context.startsWith(start));
  return `${place === -1 ? order.length : place} ${context}`;
}

function declarationOf(file: string): DeclaredContext | undefined {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const comment = /^\/\*\*\n( \* @context [\s\S]*?) \*\//.exec(source)?.[1];
  if (comment === undefined) return undefined;
  const tags = Object.fromEntries(
    [...comment.matchAll(/^ \* @(\w+) (.*)$/gm)].map(([, tag, text]) => [tag, text]),
  );
  const tested = [
    file,
    ...(tags.within ?? '')
      .split(' ')
      .filter(Boolean)
      .map((path) => join(dirname(file), path)),
  ];
  for (const path of tested)
    if (!existsSync(join(ROOT, path))) throw new Error(`${file} names ${path}, which is not there`);
  const titles = tested.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
  for (const proof of PROOFS) {
    const title = tags[proof];
    if (title !== undefined && !isTested(title, titles)) {
      throw new Error(`${file} declares "${title}", which is the title of no test of ${tested.join(', ')}`);
    }
  }
  const { context, sees, handled, transaction } = tags;
  return {
    file,
    context,
    sees,
    handled,
    transaction,
    proofs: Object.fromEntries(PROOFS.filter((proof) => tags[proof]).map((proof) => [proof, tags[proof]])),
  };
}

/** Whether a test of that title is among the source, and is run. */
function isTested(title: string, source: string): boolean {
  const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return (
    new RegExp(`(?:\\bit\\(|\\)\\(|\\bit\\.each[^]*?\\(\\s*)\\s*['"\`]${quoted}['"\`]`).test(source) &&
    !/\b(?:it|describe)\.(?:skip|todo)\b/.test(source)
  );
}
