import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

interface App {
  way: string;
  is: string;
  nest: string;
  /** The major versions of Node that it is for. */
  runsOn: string[];
  /** The major versions of Node on which each change is tried. */
  onEveryChange: string[];
}
interface Manifest {
  engines: { node: string };
  peerDependencies: Record<string, string>;
}

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/versions.md');
const NESTS = ['10', '11', '12'];
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

let apps: App[];
let nodes: string[];
beforeAll(async () => {
  const list = join(ROOT, 'scripts/apps');
  ({ APPS: apps } = (await import(join(list, 'app-list.mjs'))) as { APPS: App[] });
  ({ NODES: nodes } = (await import(join(list, 'ways.mjs'))) as { NODES: string[] });
});

/** The versions of Node that an app is tried on; in bold those of every change. */
function cell(way: string, nest: string): string {
  const app = apps.find((each) => each.way === way && each.nest === nest);
  if (app === undefined) return '–';
  return app.runsOn.map((node) => (app.onEveryChange.includes(node) ? `**${node}**` : node)).join(' ');
}

/** The page as the list of apps makes it. */
function page(): string {
  const ways = new Map(apps.map(({ way, is }) => [way, is]));
  const rows = [...ways].map(
    ([way, is]) => `| ${is} | ${NESTS.map((nest) => cell(way, nest)).join(' | ')} |`,
  );
  return `<!-- Written by test/docs/versions.spec.ts out of scripts/apps: UPDATE_DOCS=1 npx vitest run test/docs -->

# Versions

Node \`${manifest.engines.node}\`; NestJS \`${manifest.peerDependencies['@nestjs/core']}\`; CommonJS and ES modules.

The packed package is installed into each of these apps. Each app fails in a handler, a guard, a message over TCP, a socket, a job and a listener of an event; the events arrive at a server of HTTP, and the frame that threw is the app's own. \`import\` and \`require\` of the package give the same classes, and inject the same client. An app that is tested makes itself in its test, and finds the error of a request recorded.

The numbers are those versions of Node, the newest of each, that an app is tried on: every week (\`npm run check:apps -- --all\`), and where they are bold with every change (\`npm run check:apps\`).

| App | ${NESTS.map((nest) => `NestJS ${nest}`).join(' | ')} |
| --- |${NESTS.map(() => ' --- |').join('')}
${rows.join('\n')}

What does not work, and why it does not lie in this package (how it was found out stands in test/apps):

- **Jest in CommonJS on NestJS 12**: Jest cannot require the ES modules that NestJS 12 consists of, but on Node 24.9 and later with \`--experimental-vm-modules\`; so it is tried. Where the app is of ES modules that flag is enough on every Node; Vitest, which \`nest new\` takes, needs none.
- **tsx and esbuild** know no types at run time: name what is injected by \`@Inject(RavenClient)\`.
- **tsx on NestJS 12**: start it as \`node --import tsx/esm\`. With \`--import tsx\` whatever is required is another copy than what is imported; errors of messages are reported then, but without the pattern as their transaction.
- **\`nest build --webpack\` in apps of ES modules**: Nest's CLI 12 refuses it; rspack takes its place.
`;
}

describe('docs/versions.md', () => {
  it('says what scripts/apps has', () => {
    const written = page();
    if (process.env.UPDATE_DOCS) writeFileSync(PAGE, written);
    expect(readFileSync(PAGE, 'utf8')).toBe(written);
  });

  it('has every NestJS and every Node among what each change is tried on', () => {
    const tried = apps.filter(({ onEveryChange }) => onEveryChange.length > 0);
    expect([...new Set(tried.map(({ nest }) => nest))].sort()).toEqual(NESTS);
    expect([...new Set(tried.flatMap(({ onEveryChange }) => onEveryChange))].sort()).toEqual(nodes);
  });
});
