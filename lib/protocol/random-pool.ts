import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** Random bytes for ids, no two calls the same ones. Asking the system for a lot at once costs as much as for a few. */
export function pooledRandomBytes(size: number): Uint8Array {
  if (used + size > pool.byteLength) {
    pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL_BYTES, size)));
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
