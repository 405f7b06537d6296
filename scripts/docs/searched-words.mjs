import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryPoints } from '../entry-points.mjs';
import { ROOT } from './root.mjs';

/** What readers look for by its name, each with the place on the site that the search must find. */
export function searchedWords() {
  return [
    ...headingsOf('reference/options').map((name) => [name, `/reference/options.html#${name.toLowerCase()}`]),
    ...headingsOf('decorators').flatMap((heading) => {
      const place = `/decorators.html#${heading.toLowerCase().replaceAll(/\W+/g, ' ').trim().replace(' ', '-')}`;
      return heading.split(', ').map((name) => [name, place]);
    }),
    // The first one's name is everywhere.
    ...entryPoints.slice(1).map(({ name }) => [name, `/reference/api/${name}/#${name.replaceAll('/', '-')}`]),
    ['npx nestjs-raven test', '/cli.html#a-test-event'],
    ['npx nestjs-raven doctor', '/cli.html#the-doctor'],
    ['nest add', '/install.html#install'],
  ];
}

function headingsOf(page) {
  const text = readFileSync(join(ROOT, `docs/${page}.md`), 'utf8');
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
}
