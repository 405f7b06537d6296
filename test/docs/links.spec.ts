import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
/** What is installed, built or made by a run is no page of ours; nor is what the site is built of. */
const NOT_OURS = new Set(['node_modules', 'dist', '.work', 'coverage', '.vitepress', 'reference', 'project']);
const LINK = /!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)/g;
const ABSOLUTE = /^[a-z]+:/;

function pages(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const ALL = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  ['docs', 'bench', 'sample'].flatMap(pages),
);

describe('the pages', () => {
  it.each(ALL)('%s links to and shows only what is there', (page) => {
    const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(LINK)].map(([, target]) => target);
    const missing = links.filter(
      (target) => !ABSOLUTE.test(target) && !existsSync(join(ROOT, dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });
});
