import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declaredContexts, PROOFS } from './declared-contexts';

const PAGE = join(__dirname, '../../docs/contexts.md');

/** The page as the suites' declarations make it. */
function page(): string {
  const contexts = declaredContexts();
  const rows = contexts.map(({ context, sees, handled, transaction, proofs, file }) => {
    const marks = PROOFS.map((proof) => (proofs[proof] ? '✓' : '–'));
    return `| [${context}](../${file}) | ${sees} | ${handled} | ${transaction} | ${marks.join(' | ')} |`;
  });
  return `<!-- Written by test/docs/contexts.spec.ts out of what the suites declare: UPDATE_DOCS=1 npx vitest run test/docs -->

# Contexts

What is seen in every context that Nest has, without any set-up beyond \`RavenModule.forRoot\`. Each line is declared by the suite that it links to, and each mark by a test of it:

- **once**: an error that nobody handled is reported exactly once, a handled one not at all
- **unchanged**: what callers receive, and what Nest logs, is the same as without the module
- **isolated**: runs at the same time never see each other's tags, user and breadcrumbs
- **undone**: closing the app leaves nothing behind

| Context | Seen | Counts as handled | Transaction | once | unchanged | isolated | undone |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Brokers, and the queues that need Redis, are tested by \`npm run test:brokers\`, all others by \`npm test\`.
`;
}

describe('docs/contexts.md', () => {
  it('says what the suites declare, and they declare what they test', () => {
    const written = page();
    if (process.env.UPDATE_DOCS) writeFileSync(PAGE, written);
    expect(readFileSync(PAGE, 'utf8')).toBe(written);
  });

  it('has every context', () => {
    expect(declaredContexts().length).toBeGreaterThanOrEqual(17);
    for (const { context, sees, handled, transaction } of declaredContexts()) {
      expect([context, sees, handled, transaction]).not.toContain(undefined);
    }
  });
});
