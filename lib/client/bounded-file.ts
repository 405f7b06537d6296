import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

/** Opening a pipe must not wait for whoever writes to it. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a regular file of at most `maxBytes`; one that is larger is not read at all.
 *
 * @throws (rejects) where there is none, or it is larger
 */
export async function readBoundedFile(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    const buffer = bufferFor(await file.stat(), maxBytes);
    let length = 0;
    while (length < buffer.byteLength) {
      const { bytesRead } = await file.read(buffer, length, buffer.byteLength - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** As {@link readBoundedFile}, for where nothing asynchronous runs any more. @throws likewise */
export function readBoundedFileNow(path: string, maxBytes: number): Buffer {
  const file = openSync(path, FLAGS);
  try {
    const buffer = bufferFor(fstatSync(file), maxBytes);
    let length = 0;
    while (length < buffer.byteLength) {
      const bytesRead = readSync(file, buffer, length, buffer.byteLength - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** What a file grows by meanwhile is not read. */
function bufferFor(stats: Stats, maxBytes: number): Buffer {
  if (!stats.isFile()) throw new TypeError('it is no file');
  if (stats.size > maxBytes) throw new RangeError(`it has ${stats.size} bytes`);
  return Buffer.alloc(stats.size);
}
