import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errorCode } from './error-code';

/** Why a file is not read. */
export type Refusal = 'oversized' | 'torn' | 'no plain file' | 'unreadable';

/** Neither follows a link nor waits for somebody to write to a pipe. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Trouble of this process and not of the file. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ENOENT']);
const NO_FILE = new Set(['ELOOP', 'ENXIO', 'EISDIR', 'EMLINK']);

/**
 * Reads a file of which nothing is certain but its name. Hard links are let pass: backups make them, and what is not
 * a whole envelope for this DSN is refused anyway.
 *
 * @param length - what its name says; a file of another length is not read
 * @throws what is no fault of the file's: too many open files; that it is gone
 */
export async function readCarefully(
  path: string,
  length: number,
  maxBytes: number,
): Promise<Buffer | Refusal> {
  try {
    const file = await open(path, FLAGS);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return 'no plain file';
      if (stat.size > maxBytes) return 'oversized';
      if (stat.size !== length) return 'torn';
      return await readAll(file, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (PASSING.has(code)) throw error;
    return NO_FILE.has(code) ? 'no plain file' : 'unreadable';
  }
}

async function readAll(file: FileHandle, length: number): Promise<Buffer | 'torn'> {
  const bytes = Buffer.allocUnsafe(length);
  let offset = 0;
  while (offset < length) {
    const { bytesRead } = await file.read(bytes, offset, length - offset, offset);
    if (bytesRead === 0) return 'torn';
    offset += bytesRead;
  }
  return bytes;
}
