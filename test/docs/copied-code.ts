import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** What a page says before a block of code: which region of which file it is. */
const COPIED = /^<!-- code: (\S+?)#([\w-]+) -->\n\n```(\w+)\n(.*?)^```$/gms;

/** A page with its blocks as their files have them. */
export function withCodeOfFiles(page: string): string {
  return page.replace(COPIED, (_, file: string, region: string, language: string) => {
    const code = codeOfRegion(file, region);
    return `<!-- code: ${file}#${region} -->\n\n\`\`\`${language}\n${code}\n\`\`\``;
  });
}

function codeOfRegion(file: string, region: string): string {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const [from, to] = ['region', 'endregion'].map((mark) => {
    const found = lines.flatMap((line, index) =>
      new RegExp(`^\\s*(?://|#) #${mark} ${region}$`).test(line) ? [index] : [],
    );
    if (found.length !== 1) throw new Error(`${file} has "#${mark} ${region}" ${found.length} times`);
    return found[0];
  });
  const inside = lines.slice(from + 1, to);
  const indents = inside.filter((line) => line !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  return inside.map((line) => line.slice(Math.min(...indents))).join('\n');
}
