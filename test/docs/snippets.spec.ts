import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const DOCS = join(ROOT, 'docs');
const SNIPPET = /^<<< @\/\.\.\/(\S+?)#([\w-]+)$/;

const SNIPPETS = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !/^(?:\.|project|reference)/.test(path))
  .flatMap((page) =>
    readFileSync(join(DOCS, page), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('<<<'))
      .map((line) => ({ page, line })),
  );

describe('code that pages take from samples', () => {
  it('is there at all', () => {
    expect(SNIPPETS.length).toBeGreaterThanOrEqual(15);
  });

  // The site would show the whole file, or a note in place of the code.
  it.each(SNIPPETS)('is a region of a file: $page: $line', ({ line }) => {
    const [, file, region] = SNIPPET.exec(line) ?? [];
    expect(file, 'it names no region of a file of the project').toMatch(/^sample\//);
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
    const at = (mark: string): number[] =>
      lines.flatMap((text, index) => (text.trim() === `// #${mark} ${region}` ? [index] : []));
    expect([at('region').length, at('endregion').length]).toEqual([1, 1]);
    expect(at('endregion')[0] - at('region')[0]).toBeGreaterThan(2);
  });
});
