import { imageTarget, linkTarget } from './link-target.mjs';

/**
 * A plugin of markdown-it: pages link as the repository has it, to each other, to code, to what stands outside of docs/;
 * on the site what is a page of it stays a link, what only the repository has becomes one to it, or plain text where its
 * address is not known.
 */
export function siteLinks(md, site) {
  md.core.ruler.push('site_links', (state) => {
    const page = `docs/${state.env.relativePath}`;
    const from = { page, source: state.env.frontmatter?.source ?? page };
    for (const { type, children } of state.tokens) {
      if (type === 'inline') relink(children, from, site);
    }
  });
}

function relink(tokens, from, site) {
  const open = [];
  for (const token of tokens) {
    if (token.type === 'image') {
      token.attrSet('src', imageTarget(token.attrGet('src'), from));
    } else if (token.type === 'link_open') {
      const link = token.attrGet('href');
      // A heading's own.
      const target = token.attrGet('class') === 'header-anchor' ? link : linkTarget(link, from, site);
      if (target === null) unlink(token, link);
      else token.attrSet('href', target);
      open.push(target);
    } else if (token.type === 'link_close' && open.pop() === null) {
      unlink(token);
    }
  }
}

function unlink(token, link) {
  token.type = link === undefined ? 'place_close' : 'place_open';
  token.tag = 'span';
  if (link !== undefined) token.attrs = [['title', link.replace(/^(?:\.\.\/)+/, '')]];
}
