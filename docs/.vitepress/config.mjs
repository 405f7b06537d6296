import { readFileSync } from 'node:fs';
import { literalCode } from '../../scripts/docs/literal-code.mjs';
import { linkedPages } from '../../scripts/docs/project-pages.mjs';
import { sidebars } from '../../scripts/docs/sidebar.mjs';
import { siteLinks } from '../../scripts/docs/site-links.mjs';

const { description, repository, version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
/** Where it is known, what only the repository has is linked there. */
const repositoryUrl = (repository?.url ?? repository)?.replace(/^git\+|\.git$/g, '');
/** The path that the site is served below: `/`, or for example `/nestjs-raven/`. */
const base = process.env.DOCS_BASE ?? '/';

/** Pages of wide tables: what they would have beside is little. */
const WIDE_PAGES = ['contexts.md', 'performance.md'];

/**
 * Pages that explain come before those that list, and these before the headings that each of them has. It is written into
 * the site as text, so it can name nothing outside of it.
 */
function weightOfSection(id) {
  if (/\/project\//.test(id)) return 0.5;
  if (!/\/reference\/api\//.test(id)) return 1;
  return /#(?:parameters|returns|throws|inherited-from|overrides|implements|implementation-of|constructors?|properties|methods|accessors|extends|extended-by|type-parameters|(?:get|call)-signature)(?:-\d+)?$/.test(
    id,
  )
    ? 0.1
    : 0.5;
}

export default {
  title: 'nestjs-raven',
  description,
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  ignoreDeadLinks: false,
  transformPageData({ relativePath, frontmatter }) {
    if (WIDE_PAGES.includes(relativePath)) frontmatter.aside = false;
  },
  markdown: {
    config: (md) => {
      literalCode(md);
      siteLinks(md, { pages: linkedPages, repositoryUrl });
    },
  },
  themeConfig: {
    logo: '/icon.svg',
    search: {
      provider: 'local',
      options: { miniSearch: { searchOptions: { boostDocument: weightOfSection } } },
    },
    nav: [
      { text: 'Begin', link: '/getting-started' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Options', link: '/reference/options' },
      { text: 'API', link: '/reference/api/' },
      { text: version, link: '/project/changelog' },
    ],
    sidebar: sidebars(),
    outline: { level: [2, 3] },
    ...(repositoryUrl && { socialLinks: [{ icon: 'github', link: repositoryUrl }] }),
  },
};
