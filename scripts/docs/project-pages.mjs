// Markdown of the project that stands outside of docs/ and is part of the site: README, changelog, samples, benchmarks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from './root.mjs';

const AT_THE_ROOT = [
  'README.md',
  'CHANGELOG.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
];
const FOLDERS = ['sample', 'bench', 'test'];
/** What is installed, built or made by a run is no page of ours. */
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage']);

/** Path from the project's root, and the page it is on the site: `sample/01-orders/README.md` → `project/sample/01-orders.md`. */
export const projectPages = new Map(
  [...AT_THE_ROOT, ...FOLDERS.flatMap(readmesBelow)]
    .filter((source) => existsSync(join(ROOT, source)))
    .map((source) => [source, pageOf(source)]),
);

/** Where a link to Markdown outside of docs/ leads on the site. */
export const linkedPages = new Map([...projectPages, ['README.md#options', 'reference/options.md']]);

/** What the page has in it: all of its source, whose links begin where that stands. */
export function projectPage(source) {
  const up = posix.relative(posix.dirname(`docs/${projectPages.get(source)}`), source);
  return `---\nsource: ${source}\n---\n\n<!--@include: ${up}-->\n`;
}

/** The first heading of a Markdown text, as plain text; a generic's parameters are left out. */
export function headingOf(markdown) {
  return /^# (.+)$/m.exec(markdown)?.[1].replace(/\\<.*/, '').replaceAll(/[`\\]/g, '');
}

/** The heading of a file of the project. */
export function headingOfFile(path) {
  return headingOf(readFileSync(join(ROOT, path), 'utf8'));
}

function pageOf(source) {
  const folder = posix.dirname(source);
  return `project/${folder === '.' ? source.toLowerCase() : `${folder}.md`}`;
}

function readmesBelow(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'README.md') return [path];
    const isOurs = entry.isDirectory() && !NOT_OURS.has(entry.name) && !entry.name.startsWith('.');
    return isOurs ? readmesBelow(path) : [];
  });
}
