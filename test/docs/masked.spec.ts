import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SanitizePasswordsProcessor, type RavenEvent } from 'nestjs-raven';

const PAGE = readFileSync(join(__dirname, '../../docs/security.md'), 'utf8');
const [, table] = /^\| Given in a message .*\n\| --- .*\n((?:\|.*\n)+)/m.exec(PAGE) ?? [];
const ROWS = [...table.matchAll(/^\| `(.*?)` \| `(.*?)` \|$/gm)].map(([, given, sent]) => [given, sent]);

describe('the page of security', () => {
  it('has examples', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(7);
    expect(ROWS).toHaveLength(table.trim().split('\n').length);
  });

  it.each(ROWS)('says what is sent of %s', (given, sent) => {
    const event = { message: given } as RavenEvent;
    new SanitizePasswordsProcessor().process(event);
    expect(event.message).toBe(sent);
  });
});
