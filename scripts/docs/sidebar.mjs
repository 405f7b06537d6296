import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headingOf, headingOfFile } from './project-pages.mjs';
import { ROOT } from './root.mjs';

/** It is long, and for those who look for it. */
const ASIDE = 'The project';

/**
 * The pages in their order: a page's path, a folder's `*`, or either with the text to show in place of its heading. A page
 * that is not there is passed over; one that nobody names stands at the end.
 */
const GROUPS = [
  ['Begin', ['getting-started', 'install', 'one-error', 'configuration', 'testing', 'cli', 'versions']],
  [
    'What is seen',
    [
      ['contexts', 'All contexts'],
      'contexts/http',
      'contexts/graphql',
      'contexts/microservices',
      'contexts/websockets',
      'contexts/schedule',
      'contexts/queues',
      'contexts/events',
      'contexts/cqrs',
      'contexts/commands',
      'contexts/lifecycle',
      'contexts/*',
    ],
  ],
  ['What is told', ['decorators', 'events', 'recipes']],
  ['In production', ['delivery', 'fleet', 'running', 'security', 'performance']],
  ['Moving here', ['moving/*']],
  ['Reference', ['reference/options', 'reference/api/index', 'reference/*']],
  ['Samples', ['project/sample/*']],
  [
    ASIDE,
    [
      ['project/readme', 'README'],
      'project/changelog',
      'project/architecture',
      'project/contributing',
      'project/security',
      'project/code_of_conduct',
      'project/bench',
      'project/bench/*',
      'project/*',
    ],
  ],
];
/** It has no place beside the others: it is the beginning. */
const LANDING = 'index';
const API = 'reference/api/';

/** The sidebars by where they are shown: the API has one of its own, as it has more pages than all the rest. */
export function sidebars(pages = pagesOfSite()) {
  return { '/': mainSidebar(pages.filter((page) => !isOfApi(page))), [`/${API}`]: apiSidebar(pages) };
}

function mainSidebar(pages) {
  const left = new Set(pages.filter((page) => page !== LANDING));
  const groups = GROUPS.map(([text, entries]) => {
    const items = entries.flatMap((entry) => {
      const [pattern, label] = [entry].flat();
      return matching(pattern, left).map((page) => {
        left.delete(page);
        return { text: label ?? titleOf(page), link: linkTo(page) };
      });
    });
    return { text, items, ...(text === ASIDE && { collapsed: true }) };
  });
  const more = {
    text: 'More',
    items: [...left].map((page) => ({ text: titleOf(page), link: linkTo(page) })),
  };
  return [...groups, more].filter(({ items }) => items.length > 0);
}

/** A group for each entry of the package, with all that it exports. */
function apiSidebar(pages) {
  const entries = pages.filter((page) => isOfApi(page) && page.endsWith('/index'));
  const groups = entries.toSorted(byTitle).map((entry) => {
    const folder = entry.slice(0, -'index'.length);
    const exported = pages.filter(
      (page) => page.startsWith(folder) && page.slice(folder.length).split('/').length === 2,
    );
    const members = exported.filter((page) => !page.endsWith('/index')).toSorted(byTitle);
    return {
      text: titleOf(entry),
      link: linkTo(entry),
      collapsed: false,
      items: members.map((page) => ({ text: titleOf(page), link: linkTo(page) })),
    };
  });
  return [
    { text: 'All pages', link: '/getting-started' },
    { text: 'API', link: linkTo(`${API}index`) },
    ...groups,
  ];
}

function isOfApi(page) {
  return page.startsWith(API) && page !== `${API}index`;
}

function byTitle(one, other) {
  return titleOf(one).localeCompare(titleOf(other));
}

function linkTo(page) {
  return `/${page}`.replace(/\/index$/, '/');
}

/** Every page below docs/, without its ending. */
export function pagesOfSite(folder = '') {
  return readdirSync(join(ROOT, 'docs', folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder + entry.name;
      if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : pagesOfSite(`${path}/`);
      return path.endsWith('.md') ? [path.slice(0, -'.md'.length)] : [];
    })
    .sort((one, other) => one.localeCompare(other));
}

function matching(pattern, pages) {
  if (!pattern.endsWith('*')) return pages.has(pattern) ? [pattern] : [];
  return [...pages].filter((page) => page.startsWith(pattern.slice(0, -1)));
}

function titleOf(page) {
  const text = readFileSync(join(ROOT, 'docs', `${page}.md`), 'utf8');
  const source = /^source: (.+)$/m.exec(text)?.[1];
  return (source === undefined ? headingOf(text) : headingOfFile(source)) ?? page;
}
