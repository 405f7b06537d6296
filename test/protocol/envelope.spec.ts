import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeItem,
  encodeItems,
  joinEnvelope,
  serializeEnvelope,
  type Envelope,
  type EnvelopeItem,
} from '../../lib/protocol/envelope';
import { parseEnvelope } from '../support/receiver';

const sentAt = new Date('2026-11-23T10:04:00.000Z');
const item = (payload: Record<string, unknown>, type = 'event'): EnvelopeItem => ({
  headers: { type },
  payload,
});

describe('an envelope on the wire', () => {
  it('is a header line, then header line and payload of each item', () => {
    const envelope: Envelope = { headers: { event_id: 'ab' }, items: [item({ message: 'grüß 👋' })] };
    expect(serializeEnvelope(envelope, { sentAt }).toString()).toBe(
      '{"event_id":"ab","sent_at":"2026-11-23T10:04:00.000Z"}\n' +
        '{"type":"event","length":25}\n{"message":"grüß 👋"}\n',
    );
  });

  it('carries bytes as they are, line breaks included', () => {
    const bytes = Uint8Array.from([0, 10, 255, 10]);
    const envelope = {
      headers: {},
      items: [{ headers: { type: 'attachment', filename: 'a.bin' }, payload: bytes }, item({ a: 1 })],
    };
    const read = parseEnvelope(serializeEnvelope(envelope, { sentAt }));
    expect(read.items[0].payload).toEqual(Buffer.from(bytes));
    expect(read.items[0].headers).toEqual({ type: 'attachment', filename: 'a.bin', length: 4 });
    expect(read.items[1].payload).toEqual({ a: 1 });
  });

  it('holds sent_at once, the newest, even where the header had one', () => {
    const headers = { event_id: 'ab', sent_at: '2000-01-01T00:00:00Z' };
    const text = serializeEnvelope({ headers, items: [] }, { sentAt }).toString();
    expect(text.match(/sent_at/g)).toHaveLength(1);
    expect(parseEnvelope(Buffer.from(text)).headers['sent_at']).toBe('2026-11-23T10:04:00.000Z');
  });

  it('has no trace header where nothing is known to write there', () => {
    const headers = (trace: Record<string, string>): Record<string, unknown> =>
      parseEnvelope(joinEnvelope({ trace }, [], sentAt)).headers;
    expect(headers({})).not.toHaveProperty('trace');
    expect(headers({ trace_id: 'ab' })['trace']).toEqual({ trace_id: 'ab' });
  });

  it('writes its own length over one that was given', () => {
    const encoded = encodeItem({ headers: { type: 'event', length: 1 }, payload: { a: 1 } });
    expect(encoded?.bytes.toString()).toBe('{"type":"event","length":7}\n{"a":1}\n');
  });

  it('serializes payloads once for any number of attempts', () => {
    let count = 0;
    const payload = { toJSON: () => ({ count: ++count }) };
    const items = encodeItems({ headers: {}, items: [item(payload)] });
    joinEnvelope({}, items, sentAt);
    joinEnvelope({}, items, new Date(0));
    expect(count).toBe(1);
    expect(items[0].payload.toString()).toBe('{"count":1}');
  });

  it('knows the category and quantity of what it holds', () => {
    const logs = { headers: { type: 'log', item_count: 3 }, payload: { items: [] } };
    expect(encodeItem(logs)).toMatchObject({ category: 'log_item', quantity: 3 });
    expect(encodeItem(item({}))).toMatchObject({ category: 'error', quantity: 1 });
    expect(encodeItem(item({}, 'brand_new'))).toMatchObject({ category: 'default', quantity: 1 });
  });

  it('can be read back, whatever plain data it holds', () => {
    const payload = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
    const json = fc.record({ headers: fc.constant({ type: 'event' }), payload });
    const attachment = fc.record({
      headers: fc.record({ type: fc.constant('attachment'), filename: fc.string({ unit: 'binary' }) }),
      payload: fc.uint8Array({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(json, attachment), { maxLength: 5 }), (items) => {
        const read = parseEnvelope(serializeEnvelope({ headers: { event_id: 'ab' }, items }, { sentAt }));
        expect(read.items.length).toBe(items.length);
        read.items.forEach((found, index) => {
          const given = items[index].payload;
          const expected =
            given instanceof Uint8Array ? Buffer.from(given) : JSON.parse(JSON.stringify(given));
          expect(found.payload).toEqual(expected);
        });
      }),
    );
  });
});

describe('what should have been plain data and is not', () => {
  it('is written as far as JSON goes', () => {
    const cycle: Record<string, unknown> = { big: 12n, shared: [1] };
    cycle['self'] = cycle;
    cycle['again'] = { shared: cycle['shared'] };
    expect(encodeItem(item(cycle))?.payload.toString()).toBe(
      '{"big":"12","shared":[1],"self":"<...>","again":{"shared":[1]}}',
    );
  });

  it('is left out where even that fails, and the rest is sent', () => {
    const hostile = Object.defineProperty({}, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const items = [item(hostile), item({ toJSON: () => undefined }), item({ a: 1 })];
    expect(encodeItems({ headers: {}, items }).map((encoded) => encoded.payload.toString())).toEqual([
      '{"a":1}',
    ]);
  });
});
