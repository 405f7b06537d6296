import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageTemplate } from '../../lib/event/message-template';
import { workedMs } from '../support/worked-ms';

describe('the template of a message', () => {
  it.each([
    ['User 42 not found', 'User # not found'],
    ["User 'bob' can't log in", "User '#' can't log in"],
    ['no "acme" among `shops`', 'no "#" among `#`'],
    ["the users' 3 orders", "the users' # orders"],
    ['order 550e8400-e29b-41d4-a716-446655440000 failed', 'order # failed'],
    ['document 507f1f77bcf86cd799439011', 'document #'],
    ['user42, cus_9s6XKzkNRiz8i3, V1StGXR8_Z5jdHi6B-myT', 'user#, #, #'],
    ['from 2026-01-31T12:30:00.000Z to 2026-02-01', 'from # to #'],
    ['at Sat Jan 31 2026 12:30:00 GMT+0100 (Central European Standard Time)', 'at #'],
    ['at Sat, 31 Jan 2026 12:30:00 GMT!', 'at #!'],
    ['no mailbox bob.smith+x@mail.example.com', 'no mailbox #'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED #'],
    ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED #'],
    ['timeout of 250ms exceeded, 1,234.56 of -5', 'timeout of #ms exceeded, # of #'],
    [
      'GET https://a.example/users/5/orders?page=2&q=shoes failed',
      'GET https://a.example/users/#/orders?# failed',
    ],
    ['bad address 0xdeadbeef', 'bad address #'],
  ])('of %j is %j', (text, template) => {
    expect(messageTemplate(text)).toBe(template);
  });

  it.each([
    'connect ECONNREFUSED',
    'std::vector is not utf8, sha256 or base64; see ERR_HTTP2_STREAM_ERROR of S3',
    'is it true?',
    "it's what the users' clients don't send",
    '',
  ])('of %j, where nothing varies, is the text', (text) => {
    expect(messageTemplate(text)).toBe(text);
  });

  it('keeps what is quoted where that names code', () => {
    const text = "Cannot read properties of undefined (reading 'total2')";
    expect(messageTemplate(text, { keepsQuoted: true })).toBe(text);
    expect(messageTemplate(`${text} in 3`, { keepsQuoted: true })).toBe(`${text} in #`);
  });

  const hex = (length: number): fc.Arbitrary<string> =>
    fc.string({
      unit: fc.constantFrom(...'0 1 2 3 4 5 6 7 8 9 a b c d e f'.split(' ')),
      minLength: length,
      maxLength: length,
    });
  const kinds: Record<string, fc.Arbitrary<string>> = {
    numbers: fc.integer().map(String),
    decimals: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
      .map((n) => n.toFixed(2)),
    UUIDs: fc.uuid(),
    'ids of MongoDB': hex(24),
    hashes: hex(40),
    ULIDs: fc.ulid(),
    addresses: fc.ipV4(),
    'IPv6 addresses': fc
      .array(hex(4), { minLength: 8, maxLength: 8 })
      .map((groups) => groups.join(':'))
      .filter((address) => /\d/.test(address)),
    dates: fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((d) => d.toISOString()),
    'dates as JavaScript writes them': fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map(String),
    'e-mail addresses': fc
      .tuple(hex(8), fc.constantFrom('a.example', 'mail.b.example'))
      .map(([name, host]) => `${name}.x@${host}`),
    'quoted texts': fc.string().map((text) => `'${text.replaceAll(/['\n]/g, '')}'`),
  };
  it.each(Object.keys(kinds))('is the same whatever the %s in it are', (kind) => {
    fc.assert(
      fc.property(kinds[kind], kinds[kind], (one, other) => {
        const text = (id: string): string => `Order ${id} of the shop is closed, (${id})`;
        expect(messageTemplate(text(one))).toBe(messageTemplate(text(other)));
        if (one !== "'#'") expect(messageTemplate(text(one))).not.toContain(one);
      }),
    );
  });

  const pieces = fc.constantFrom(
    // What stands between words, and words that are close to being an id.
    ...` ' " \` ? = @ # - + . , : :: _ \\ / ( ) é ß`.split(' '),
    ...'a ab1 abc utf8 h2 5 12 2024 10ms 0x1f deadbeef a.b@c.de 2024-01-02 Mon ?a=1 T12:30 Z'.split(' '),
    ...'550e8400-e29b-41d4-a716-446655440000 V1StGXR8_Z5jdHi6B-myT aB1cD2eF3'.split(' '),
    ' ',
    '\n',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  it.each([false, true])('is its own template (quoted texts kept: %s)', (keepsQuoted) => {
    fc.assert(
      fc.property(texts, (text) => {
        const template = messageTemplate(text, { keepsQuoted });
        expect(messageTemplate(template, { keepsQuoted })).toBe(template);
      }),
      { numRuns: 2000 },
    );
  });

  it('is found in time that is linear in the text, whatever is in it', () => {
    const hostile = ["'", '"a', 'a@', 'ab:', '?a', '#.', 'a.b', 'aB3'];
    for (const piece of hostile) {
      const text = piece.repeat(1_000_000 / piece.length);
      // About half a second at most where it was written; what is quadratic would take hours.
      expect(
        workedMs(() => messageTemplate(text)),
        piece,
      ).toBeLessThan(20_000);
    }
  }, 120_000);
});
