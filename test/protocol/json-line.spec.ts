import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine } from '../../lib/protocol/json-line';

describe('a line of JSON', () => {
  it('holds U+FFFD for half of a surrogate pair, in values and in keys, and nothing else is changed', () => {
    const given = { 'key \udfff': ['\ud800', 'a\ud83db', '\ud83d\ude00', '\\ud800', '\\\ud800', '\u0000\n'] };
    expect(JSON.parse(jsonLine(given) as string)).toEqual({
      'key \ufffd': ['\ufffd', 'a\ufffdb', '\ud83d\ude00', '\\ud800', '\\\ufffd', '\u0000\n'],
    });
  });

  it('is what UTF-8 makes of any text', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }));
    const halves = fc.array(fc.constantFrom('\ud83d', '\ude00', '\\', 'ud83d', '"', 'a'));
    const text = fc.oneof(
      units.map((codes) => String.fromCharCode(...codes)),
      halves.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(JSON.parse(jsonLine(given) as string)).toBe(Buffer.from(given).toString());
      }),
    );
  });
});
