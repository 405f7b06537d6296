import { Readable } from 'node:stream';

/** Enough for any reason; what comes after is read away. */
const KEPT_BYTES = 8 * 1024;
/** A server that writes more than that is cut off, at the price of its connection. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a body to its end, so that the connection can be used again, and keeps its beginning.
 *
 * Never rejects: the status came, and it is what counts. Of a body that ends badly, or whose stream is destroyed, it
 * is what has come.
 */
export function readBody(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => resolve(chunks.length === 0 ? '' : Buffer.concat(chunks).toString('utf8'));
    stream.on('data', (chunk: unknown) => {
      const part = bytesOf(chunk);
      if (length < KEPT_BYTES) chunks.push(part.subarray(0, KEPT_BYTES - length));
      length += part.byteLength;
      if (length > MAX_BYTES) stream.destroy();
    });
    stream.on('end', settle);
    stream.on('close', settle);
    stream.on('error', settle);
    if (stream.destroyed || stream.readableEnded) settle();
  });
}

/** An adapter of the user's may give anything; only streams and texts are read. Never rejects. */
export async function readAnyBody(data: unknown): Promise<string> {
  try {
    if (typeof data === 'string') return data.slice(0, KEPT_BYTES);
    if (data instanceof Readable) return await readBody(data);
    if (typeof data !== 'object' || data === null || !(Symbol.asyncIterator in data)) return '';
    return await readBody(Readable.from(data as AsyncIterable<unknown>));
  } catch {
    return '';
  }
}

/** What is no bytes counts as if it were a byte: so that a stream of it has an end too. */
function bytesOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return Buffer.from(chunk);
  return Buffer.from('?');
}
