import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlWithoutValues } from '../../lib/event/sql-without-values';
import { workedMs } from '../support/worked-ms';

describe('sqlWithoutValues', () => {
  it.each([
    [
      `SELECT "User"."id" FROM "user" "User" WHERE "User"."email" = 'jane@example.com' LIMIT 10`,
      `SELECT "User"."id" FROM "user" "User" WHERE "User"."email" = ? LIMIT ?`,
    ],
    [
      'INSERT INTO `user`(`id`, `name`) VALUES (DEFAULT, ?)',
      'INSERT INTO `user`(`id`, `name`) VALUES (DEFAULT, ?)',
    ],
    [
      'SELECT * FROM t1 WHERE a = $1 AND b = :name AND c = @p0',
      'SELECT * FROM t1 WHERE a = $1 AND b = :name AND c = @p0',
    ],
    ["SELECT 'it''s', E'it\\'s', N'x', X'1F', _utf8'y'", 'SELECT ?, ?, ?, ?, ?'],
    ['SELECT $$secret$$, $tag$ $$ secret $tag$, 1', 'SELECT ?, ?, ?'],
    ['SELECT 1, -2.5, 1e-5, 0xFF, .5, 1_000', 'SELECT ?, -?, ?, ?, .?, ?'],
    ["UPDATE t SET a = '2'::int, b = b::varchar", 'UPDATE t SET a = ?::int, b = b::varchar'],
    ["SELECT a -- secret 'x\n FROM t /* secret ' */ WHERE b", 'SELECT a FROM t WHERE b'],
    ["SELECT data #>> '{a,b}' FROM t", 'SELECT data #>> ? FROM t'],
    ['SELECT a # secret\nFROM t', 'SELECT a FROM t'],
    ["SELECT * FROM t WHERE a = 'not closed", 'SELECT * FROM t WHERE a = ?...'],
    // One database ends the value at the quote, the other after it.
    ["SELECT 'a\\' , secret, 'b'", 'SELECT ?...'],
    ['SELECT /* a /* b */ secret */ 1', 'SELECT ?...'],
    ["SELECT q'[it's]' FROM t", 'SELECT ?...'],
    ["SELECT a # it's\nFROM t", 'SELECT a ?...'],
    [
      'INSERT INTO t("a", "b") VALUES ("secret", "x@y") RETURNING "a"',
      'INSERT INTO t("a", "b") VALUES (?, ?) RETURNING "a"',
    ],
    ['SELECT `a` FROM t WHERE b = "secret"', 'SELECT `a` FROM t WHERE b = ?'],
    [
      'SELECT a FROM t WHERE b IN ("secret", "x") ORDER BY "a"',
      'SELECT a FROM t WHERE b IN (?, ?) ORDER BY "a"',
    ],
    ['SELECT a FROM t JOIN u ON "t"."id" = "u"."id"', 'SELECT a FROM t JOIN u ON "t"."id" = "u"."id"'],
    ['', ''],
  ])('%s', (sql, expected) => {
    expect(sqlWithoutValues(sql)).toBe(expected);
  });

  it('lets no value through, whatever surrounds it', () => {
    const inside = fc
      .array(
        fc.constantFrom(
          'Secret9',
          ' ',
          "''",
          '"',
          '`',
          '$$',
          '$a$',
          '--',
          '/*',
          '*/',
          '#',
          '\n',
          ';',
          'é',
          '\\\\',
          '(',
        ),
        {
          maxLength: 6,
        },
      )
      .map((parts) => `Secret9${parts.join('')}`);
    const noQuotes = inside.map((text) => text.replaceAll(/['"`]|\*\/|\/\*|\n/g, ''));
    const standard = [
      inside.map((text) => `'${text}'`),
      inside.map((text) => `N'${text}'`),
      fc.constantFrom('90909', '9.0909', '0x90909', '90909e-9', "X'90909'"),
    ];
    const comments = [
      noQuotes.map((text) => `/* ${text}*/`),
      inside.map((text) => `/* ${text.replaceAll(/\*\/|\/\*/g, '')}*/`),
      inside.map((text) => `-- ${text.replaceAll('\n', '')}\n`),
    ];
    const postgres = [
      inside.map((text) => `E'\\'${text}'`),
      inside.map((text) => `$q$${text}$q$`),
      inside.map((text) => `'${text}\\'`),
    ];
    const mysql = [
      inside.map((text) => `'\\'${text}'`),
      noQuotes.map((text) => `"${text}"`),
      noQuotes.map((text) => `"'${text}\\""`),
      inside.map((text) => `# ${text.replaceAll('\n', '')}\n`),
    ];
    const values = fc.oneof(...[postgres, mysql].map((own) => statement([...standard, ...comments, ...own])));
    fc.assert(
      fc.property(values, (sql) => {
        expect(sqlWithoutValues(sql, 1e6)).not.toMatch(/Secret9|9\.?0909/i);
      }),
      { numRuns: 2000 },
    );
  });

  it('is never longer than asked for, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 50 }), (sql, maxLength) => {
        expect(sqlWithoutValues(sql, maxLength).length).toBeLessThanOrEqual(maxLength);
      }),
    );
    expect(sqlWithoutValues(`SELECT ${'a, '.repeat(2000)}`)).toMatch(/^SELECT a, .*\.\.\.$/);
    expect(sqlWithoutValues(`SELECT ${'a, '.repeat(2000)}`)).toHaveLength(2048);
  });

  it.each([
    "'",
    '"',
    '`',
    '$',
    '$$',
    '\\',
    "\\'",
    '-- \n',
    '/*',
    '*/',
    '1',
    'a',
    '#',
    ' ',
    '"a"="b" ',
    '$a',
    '(',
    "E'\\",
  ])('a megabyte of %j takes no more time than its length', (part) => {
    const texts = [
      part.repeat(1e6 / part.length),
      `'${part.repeat(1e6 / part.length)}`,
      `SELECT "${part.repeat(1e6 / part.length)}`,
    ];
    for (const text of texts) {
      // A quadratic one takes minutes.
      expect(workedMs(() => sqlWithoutValues(text, 1e7))).toBeLessThan(3000);
    }
  });
});

/** Values in places where values stand, in a statement of some length. */
function statement(values: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(...values), { minLength: 1, maxLength: 5 })
    .map((list) => `SELECT a FROM t WHERE b = ${list.join('\n AND c = ')} ORDER BY d`);
}
