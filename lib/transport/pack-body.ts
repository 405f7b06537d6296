import { promisify } from 'node:util';
import { constants, gzip, gzipSync, type ZlibOptions } from 'node:zlib';

/** Below this, compressing costs more than it saves. */
const PACK_FROM_BYTES = 1024;
/** Up to this a thread of its own costs more than the compressing, which blocks for less than a tenth of a millisecond. */
const AT_ONCE_BYTES = 32 * 1024;
/** What it saves beyond is a few per cent, for twice the time. */
const OPTIONS: ZlibOptions = { level: constants.Z_BEST_SPEED };
/** Half of zlib's usual tables: a body of that size fills no more. */
const SMALL_OPTIONS: ZlibOptions = { ...OPTIONS, windowBits: 14, memLevel: 7 };

const packAside = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/**
 * Gzips a body where that pays.
 *
 * @returns `undefined` where it is to be sent as it is; a promise where it takes so long that the event loop must not
 *   wait for it
 */
export function packBody(body: Buffer): Buffer | Promise<Buffer> | undefined {
  if (body.byteLength < PACK_FROM_BYTES) return undefined;
  if (body.byteLength > AT_ONCE_BYTES) return packAside(body, OPTIONS);
  // JSON becomes a quarter: half of it is room enough, and less to collect than the 16 KiB that zlib would take.
  return gzipSync(body, { ...SMALL_OPTIONS, chunkSize: body.byteLength >> 1 });
}
