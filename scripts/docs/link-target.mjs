import { posix } from 'node:path';

const SCHEME = /^[a-z][a-z+.-]*:/i;
const LOCAL = /^https?:\/\/(?:localhost|127\.0\.0\.1)\b/i;

/**
 * What a link, as it is written for the repository, is on the site.
 *
 * @param link - as it stands in the file
 * @param from - `source`, the file it stands in, and `page`, the page that shows it; both from the project's root
 * @param site - `pages`, where Markdown outside of docs/ is on the site, or one heading of it; `repositoryUrl`, where the rest can be read, if
 *   that is known
 * @returns the link from that page; null where there is nothing to link to
 */
export function linkTarget(link, { source, page }, { pages, repositoryUrl }) {
  if (LOCAL.test(link)) return null;
  if (SCHEME.test(link) || link.startsWith('#') || link.startsWith('/')) return link;
  const [, path, rest] = /^([^?#]*)(.*)$/.exec(link);
  const target = posix.join(posix.dirname(source), decodeURI(path));
  const whole = pages.get(target + rest);
  if (whole !== undefined) return between(page, `docs/${whole}`);
  const shown = pages.get(target) ?? pages.get(posix.join(target, 'README.md'));
  if (shown !== undefined) return between(page, `docs/${shown}`) + rest;
  if (target.startsWith('docs/')) return between(page, target) + rest;
  return repositoryUrl === undefined ? null : `${repositoryUrl}/blob/main/${target}${rest}`;
}

/** An image's file from the page that shows it: images are taken from wherever they stand. */
export function imageTarget(link, { source, page }) {
  if (SCHEME.test(link) || link.startsWith('/')) return link;
  return between(page, posix.join(posix.dirname(source), link));
}

function between(page, target) {
  const path = posix.relative(posix.dirname(page), target);
  return path.startsWith('.') ? path : `./${path}`;
}
