import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeItems, joinEnvelope, type Envelope, type EnvelopeItem } from '../../lib/protocol/envelope';
import { parseEnvelope } from '../../lib/protocol/parse-envelope';

const text = fc.string({ unit: 'binary' });
const headers: fc.Arbitrary<Envelope['headers']> = fc.record(
  {
    event_id: text,
    dsn: text,
    sdk: fc.record({ name: text, version: text }),
    trace: fc
      .dictionary(
        text.filter((key) => key !== '__proto__'),
        text,
      )
      .map((rest) => ({ ...rest, trace_id: 'ab' })),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const json: fc.Arbitrary<EnvelopeItem> = fc.record({
  headers: fc.constantFrom({ type: 'event' }, { type: 'log', item_count: 3 }, { type: 'of tomorrow' }),
  payload: fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' })),
});
const attachment: fc.Arbitrary<EnvelopeItem> = fc.record({
  headers: fc.record({ type: fc.constant('attachment'), filename: text }),
  // Line breaks and braces more often than chance would have it.
  payload: fc
    .array(fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 123, 125)), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
});
const envelope: fc.Arbitrary<Envelope> = fc.record({
  headers,
  items: fc.array(fc.oneof(json, attachment), { maxLength: 4 }),
});
const written = envelope.map((given) => joinEnvelope(given.headers, encodeItems(given)));

const parse = (source: string): ReturnType<typeof parseEnvelope> => parseEnvelope(Buffer.from(source));

describe('an envelope that is read back', () => {
  it('is the one that was written, whatever it holds', () => {
    fc.assert(
      fc.property(envelope, ({ headers: given, items }) => {
        const encoded = encodeItems({ headers: given, items });
        const read = parseEnvelope(joinEnvelope(given, encoded));
        expect(read?.items).toEqual(encoded);
        expect(read?.headers).toEqual(given);
      }),
    );
  });

  it('can be written again: its items are the same bytes', () => {
    fc.assert(
      fc.property(written, (bytes) => {
        const read = parseEnvelope(bytes);
        if (read === undefined) throw new Error('refused');
        expect(parseEnvelope(joinEnvelope(read.headers, read.items))).toEqual(read);
        const itemBytes = Buffer.concat(read.items.map((item) => item.bytes));
        expect(itemBytes.equals(bytes.subarray(bytes.indexOf('\n') + 1))).toBe(true);
      }),
    );
  });

  it('has no moment of sending', () => {
    const bytes = joinEnvelope({ event_id: 'ab' }, [], new Date(0));
    expect(bytes.toString()).toContain('sent_at');
    expect(parseEnvelope(bytes)).toEqual({ headers: { event_id: 'ab' }, items: [] });
  });

  it('has of its header only what a client sends', () => {
    expect(parse('{"event_id":"ab","x":1,"sdk":{"name":"a","version":"b","x":1}}\n')?.headers).toEqual({
      event_id: 'ab',
      sdk: { name: 'a', version: 'b' },
    });
  });

  it('reaches no prototype', () => {
    const read = parse(
      '{"__proto__":{"dsn":"x"},"trace":{"trace_id":"ab","__proto__":"x"},"constructor":{"prototype":{"y":1}}}\n' +
        '{"type":"event","length":2,"__proto__":{"item_count":9}}\n{}\n',
    );
    expect(read?.headers).toEqual({ trace: { trace_id: 'ab' } });
    expect(read?.headers.dsn).toBeUndefined();
    expect(Object.keys(read?.headers.trace ?? {})).toEqual(['trace_id']);
    expect(Object.getPrototypeOf(read?.headers.trace)).toBe(Object.prototype);
    expect(read?.items[0].quantity).toBe(1);
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });
});

describe('what is no whole envelope', () => {
  it.each([
    ['nothing', ''],
    ['no line', '{}'],
    ['an empty line', '\n'],
    ['no object', '[]\n'],
    ['a header that is no JSON', '{event_id}\n'],
    ['space around the header', ' {}\n'],
    ['a carriage return', '{}\r\n'],
    ['a byte order mark', '\ufeff{}\n'],
    ['an id that is no text', '{"event_id":1}\n'],
    ['a DSN that is no text', '{"dsn":["x"]}\n'],
    ['an sdk without version', '{"sdk":{"name":"a"}}\n'],
    ['a trace with something else than texts', '{"trace":{"trace_id":"ab","sampled":true}}\n'],
    ['a trace that is a list', '{"trace":["ab"]}\n'],
    ['a line too many', '{}\n{"type":"event","length":2}\n{}\n\n'],
    ['an item without type', '{}\n{"length":2}\n{}\n'],
    ['an item without length', '{}\n{"type":"event"}\n{}\n'],
    ['a length that is a text', '{}\n{"type":"event","length":"2"}\n{}\n'],
    ['a negative length', '{}\n{"type":"event","length":-1}\n{}\n'],
    ['half a byte', '{}\n{"type":"event","length":1.5}\n{}\n'],
    ['a length beyond all bounds', '{}\n{"type":"event","length":1e300}\n{}\n'],
    ['too large a length', '{}\n{"type":"event","length":3}\n{}\n'],
    ['too small a length', '{}\n{"type":"event","length":1}\n{}\n'],
    ['a length in characters', '{}\n{"type":"event","length":9}\n{"a":"ü"}\n'],
    ['a payload without its line break', '{}\n{"type":"event","length":2}\n{}'],
    ['a header without payload', '{}\n{"type":"event","length":0}\n'],
    ['a deep header', `${'{"a":'.repeat(200_000)}1${'}'.repeat(199_000)}\n`],
  ])('is refused: %s', (_, source) => {
    expect(parse(source)).toBeUndefined();
  });

  it('is refused: bytes that are no text in a header', () => {
    expect(parseEnvelope(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a]))).toBeUndefined();
  });

  it('is refused where it was cut off, but between two items', () => {
    fc.assert(
      fc.property(written, fc.nat(), (bytes, at) => {
        const prefix = bytes.subarray(0, at % bytes.byteLength);
        const read = parseEnvelope(prefix);
        if (read === undefined) return;
        const whole = parseEnvelope(bytes);
        expect(whole?.headers).toEqual(read.headers);
        expect(whole?.items.slice(0, read.items.length)).toEqual(read.items);
        expect(whole?.items.length).toBeGreaterThan(read.items.length);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whichever bits are turned', () => {
    const turns = fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(written, turns, (bytes, all) => {
        const turned = Buffer.from(bytes);
        for (const [at, bit] of all) turned[at % turned.byteLength] ^= 1 << bit;
        const read = parseEnvelope(turned);
        const itemBytes = read?.items.reduce((sum, item) => sum + item.bytes.byteLength, 0) ?? 0;
        expect(itemBytes).toBeLessThan(turned.byteLength);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseEnvelope(Buffer.from(bytes))),
    );
  });
});
