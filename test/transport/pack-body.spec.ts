import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packBody } from '../../lib/transport/pack-body';

const bytes = (length: number): Buffer => Buffer.alloc(length, '{"key":"value"}');

describe('a body', () => {
  it('goes as it is below 32 KiB', () => {
    expect(packBody(bytes(32 * 1024 - 1))).toBeUndefined();
  });

  it('is compressed beside the event loop from there on', async () => {
    const packing = packBody(bytes(32 * 1024));
    expect(packing).toBeInstanceOf(Promise);
    const packed = (await packing) as Buffer;
    expect(packed.byteLength).toBeLessThan(1024);
    expect(gunzipSync(packed)).toEqual(bytes(32 * 1024));
  });

  it('is the same once it is unpacked, whatever is in it', async () => {
    const contents = fc.uint8Array({ minLength: 32 * 1024, maxLength: 48 * 1024, size: 'max' });
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        const packed = await packBody(Buffer.from(content));
        expect(gunzipSync(packed as Buffer).equals(content)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
