import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packBody } from '../../lib/transport/pack-body';

const bytes = (length: number): Buffer => Buffer.alloc(length, '{"key":"value"}');

describe('a body', () => {
  it('goes as it is below a kibibyte', () => {
    expect(packBody(bytes(1023))).toBeUndefined();
  });

  it('is compressed at once up to 32 KiB, and beside the event loop beyond', async () => {
    expect(packBody(bytes(1024))).toBeInstanceOf(Buffer);
    expect(packBody(bytes(32 * 1024))).toBeInstanceOf(Buffer);
    const large = packBody(bytes(32 * 1024 + 1));
    expect(large).toBeInstanceOf(Promise);
    expect(gunzipSync((await large) as Buffer)).toEqual(bytes(32 * 1024 + 1));
  });

  it('is the same once it is unpacked, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1024, maxLength: 32 * 1024, size: 'max' }), (content) => {
        const packed = packBody(Buffer.from(content));
        expect(gunzipSync(packed as Buffer).equals(content)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
