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

export default {
  title: 'nestjs-raven',
  description,
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  ignoreDeadLinks: false,
  markdown: {
    config: (md) => {
      literalCode(md);
      siteLinks(md, { pages: linkedPages, repositoryUrl });
    },
  },
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
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
