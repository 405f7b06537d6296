import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LinkTargets {
  linkTarget(link: string, from: Place, site: Site): string | null;
  imageTarget(link: string, from: Place): string;
}
interface Place {
  source: string;
  page: string;
}
interface Site {
  pages: Map<string, string>;
  repositoryUrl?: string;
}
interface Entry {
  text: string;
  link?: string;
  items?: Entry[];
}

const ROOT = join(__dirname, '../..');
/** They are plain JavaScript, which Node runs as it is. */
const script = <T>(name: string): Promise<T> => import(join(ROOT, 'scripts/docs', name)) as Promise<T>;

describe('a link on the site', async () => {
  const { linkTarget, imageTarget } = await script<LinkTargets>('link-target.mjs');
  const pages = new Map([
    ['README.md', 'project/readme.md'],
    ['README.md#options', 'reference/options.md'],
    ['sample/01-orders/README.md', 'project/sample/01-orders.md'],
  ]);
  const inDocs = { source: 'docs/contexts/http.md', page: 'docs/contexts/http.md' };
  const ofReadme = { source: 'README.md', page: 'docs/project/readme.md' };

  it.each([
    ['a page beside it', '../events.md#loggers', inDocs, '../events.md#loggers'],
    ['its own heading', '#a-guard', inDocs, '#a-guard'],
    ['another site', 'https://nestjs.com/', inDocs, 'https://nestjs.com/'],
    ['Markdown outside of docs/', '../../README.md#delivery', inDocs, '../project/readme.md#delivery'],
    ['what has a page of its own', '../../README.md#options', inDocs, '../reference/options.md'],
    ['a folder with a README', '../../sample/01-orders', inDocs, '../project/sample/01-orders.md'],
    ['a page, from outside of docs/', 'docs/contexts.md', ofReadme, '../contexts.md'],
    ['a file of the repository', '../../lib/index.ts', inDocs, null],
    ['an address of this machine', 'http://localhost:3000', inDocs, null],
  ])('leads to %s', (_, link, from, target) => {
    expect(linkTarget(link, from, { pages })).toBe(target);
  });

  it('leads to the repository, where its address is known', () => {
    const site = { pages, repositoryUrl: 'https://git.example.com/acme/raven' };
    expect(linkTarget('../../lib/index.ts#L3', inDocs, site)).toBe(
      'https://git.example.com/acme/raven/blob/main/lib/index.ts#L3',
    );
  });

  it('to an image leads to its file, whose page shows it anywhere', () => {
    expect(imageTarget('docs/plots/p99.svg', ofReadme)).toBe('../plots/p99.svg');
    expect(
      imageTarget('one-error-stack.webp', { source: 'docs/one-error.md', page: 'docs/one-error.md' }),
    ).toBe('./one-error-stack.webp');
  });
});

describe('the sidebar', async () => {
  const { sidebars, pagesOfSite } = await script<{
    sidebars(pages?: string[]): Record<string, Entry[]>;
    pagesOfSite(): string[];
  }>('sidebar.mjs');
  const links = (entries: Entry[] = []): string[] =>
    entries.flatMap(({ link, items }) => [...(link === undefined ? [] : [link]), ...links(items)]);
  // What is made by a build of the site may be there or not.
  const pages = pagesOfSite().filter((page) => !/^(?:project|reference)\//.test(page));

  it('has every page but the first one, once, by its heading', () => {
    const { '/': entries } = sidebars(pages);
    const others = pages.filter((page) => page !== 'index').map((page) => `/${page}`);
    expect(links(entries).toSorted()).toEqual(others.toSorted());
    expect(entries.flatMap(({ items }) => items)).toContainEqual({ text: 'Delivery', link: '/delivery' });
  });

  it('names every page that is written by hand', () => {
    expect(sidebars(pages)['/'].map(({ text }) => text)).not.toContain('More');
  });

  it('has no group whose pages are not there', () => {
    const groups = sidebars(['index', 'delivery', 'contexts/http'])['/'];
    expect(groups.map(({ text }) => text)).toEqual(['What is seen', 'In production']);
  });
});

describe('the reference of options', async () => {
  const { optionsReference } = await script<{ optionsReference(): string }>('options-reference.mjs');
  const page = optionsReference();

  it('has every option of the README with what it says there', () => {
    const [, table] = /^\| Option \| \|\n\|.*\n((?:\|.*\n)+)/m.exec(
      readFileSync(join(ROOT, 'README.md'), 'utf8'),
    ) ?? ['', ''];
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(40);
    for (const [, name, text] of rows) {
      const said = text
        .replace(/^Of `forRoot` and `forRootAsync`: w/, 'W')
        .replaceAll('\\|', '|')
        .replace('docs/events.md', '[docs/events.md](../events.md)');
      expect(page).toContain(`## ${name}\n\n${said}\n\nType: `);
    }
  });

  it('has the members of what an option is made of, with their defaults', () => {
    expect(page).toContain(
      "| `durability` | `'shutdown' \\| 'crash'` | `shutdown` writes what cannot be sent,",
    );
    expect(page).toMatch(/## stormGuard[^#]*\| `limit` \| `number` \| How many of the same kind/);
  });
});
