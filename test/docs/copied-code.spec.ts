import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withCodeOfFiles } from './copied-code';

const ROOT = join(__dirname, '../..');
/**
 * Pages that are read in the package too, so that they hold the code itself: of samples, which are compiled and run with
 * all tests, and of apps, which `npm run check:apps` compiles and runs.
 */
const PAGES = ['docs/running.md', 'docs/testing.md'];

describe.each(PAGES)('%s', (page) => {
  const path = join(ROOT, page);

  it('has the code of its files', () => {
    const written = readFileSync(path, 'utf8');
    const expected = withCodeOfFiles(written);
    if (process.env.UPDATE_DOCS) writeFileSync(path, expected);
    else expect(written).toBe(expected);
  });
});

it('docs/testing.md has no other code', () => {
  const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');
  const blocks = page.match(/^```\w+$/gm) ?? [];
  expect(blocks.length).toBeGreaterThan(5);
  expect(page.match(/^<!-- code: \S+ -->\n\n```\w+$/gm)).toHaveLength(blocks.length);
});
