// Writes the pages of the site that others are made of: the references, and those of what stands outside of docs/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeApiReference } from './api-reference.mjs';
import { optionsReference } from './options-reference.mjs';
import { projectPage, projectPages } from './project-pages.mjs';
import { ROOT } from './root.mjs';

const DOCS = join(ROOT, 'docs');

for (const folder of ['reference', 'project']) rmSync(join(DOCS, folder), { recursive: true, force: true });
for (const [source, page] of projectPages) write(page, projectPage(source));
write('reference/options.md', optionsReference());
await writeApiReference(join(DOCS, 'reference/api'));

function write(page, text) {
  const path = join(DOCS, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
