import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The runs of commands that docs/cli.md shows: the command, and what it prints. */
export function shownRuns(): { command: string; output: string }[] {
  const page = readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8');
  return [...page.matchAll(/```console\n\$ npx nestjs-raven ([^\n]*)\n(.*?)```/gs)].map(
    ([, command, output]) => ({
      command,
      output,
    }),
  );
}

/** What a run prints without what differs from run to run: addresses, ids, versions, times, and the width of columns. */
export function comparable(output: string): string {
  return output
    .replace(/https?:\/\/\*\*\*@[^/\s]+\//g, 'DSN/')
    .replace(/\b[\da-f]{32}\b/g, 'EVENT-ID')
    .replace(/\b\d+ ms\b/g, 'N ms')
    .replace(/\bv?\d+\.\d+\.\d+(?=[ ,\n])/g, 'VERSION')
    .replace(/\S*(docs\/cli\.md#)/g, '$1')
    .replace(/ {2,}/g, '  ')
    .trim();
}
