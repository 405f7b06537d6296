// What of docs/ is in the package: the pages and pictures that the README leads to, and that stand by themselves.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
const ABSOLUTE = /^[a-z]+:/;
const SHOWS_SAMPLES = /^<<< /m;

/**
 * @returns paths from the project's root. A page that takes its code from the samples is of the site alone: the package has no
 * samples.
 */
export function packedDocs() {
  const found = new Set();
  const waiting = ['README.md'];
  for (const page of waiting) {
    const text = readFileSync(page, 'utf8');
    if (SHOWS_SAMPLES.test(text)) continue;
    if (page !== 'README.md') found.add(page);
    for (const [, link] of text.matchAll(LINK)) {
      if (ABSOLUTE.test(link)) continue;
      const path = posix.join(posix.dirname(page), link);
      if (!path.startsWith('docs/') || found.has(path)) continue;
      if (!path.endsWith('.md')) found.add(path);
      else if (!waiting.includes(path)) waiting.push(path);
    }
  }
  return found;
}
