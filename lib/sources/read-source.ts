import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** What tells whether a file has changed. */
export interface FileState {
  mtimeMs: number;
  size: number;
}

/** A file that was read. */
export interface FileText extends FileState {
  /** Of a file that is too large only its end. */
  text: string;
  isWhole: boolean;
}

/** What came of looking at a file. */
export type Found = FileText | 'unchanged' | 'unreadable';

/** How source files and their maps are read. */
export interface SourceReader {
  /**
   * @param maxBytes - of a larger file only the end is read
   * @param known - of a file that is still like this nothing is read
   */
  read(path: string, maxBytes: number, known?: FileState): Promise<Found>;
  readNow(path: string, maxBytes: number, known?: FileState): Found;
}

/** Where a file is too large, its end still tells what its map is called, and its debug id. */
const END_BYTES = 4096;

/** Paths come from stacks, and stacks may come from anywhere: nothing but code and its maps is opened. */
const READABLE = /\.(?:[cm]?[jt]sx?|map)$/i;

/** Another machine's share is none of the app's folders, and opening it would tell that machine who the app is. */
const NETWORK = /^[\\/]{2}/;

/** Whether a path is that of a file of code, or of its map, on a disk. */
export function isReadable(path: string): boolean {
  return (
    READABLE.test(path) && !NETWORK.test(path) && /^(?:\/|[A-Za-z]:[\\/])/.test(path) && !path.includes('\0')
  );
}

/** Reads from the disk. Never throws or rejects. */
export const readSource: SourceReader = {
  async read(path, maxBytes, known) {
    try {
      if (!isReadable(path)) return 'unreadable';
      const before = await stat(path);
      // Opening what is no file may wait for ever.
      if (!before.isFile()) return 'unreadable';
      if (isLike(before, known)) return 'unchanged';
      const handle = await open(path, 'r');
      try {
        const state = await handle.stat();
        const { buffer, position, isWhole } = span(state.size, maxBytes);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        return found(state, buffer.subarray(0, bytesRead), isWhole);
      } finally {
        await handle.close();
      }
    } catch {
      return 'unreadable';
    }
  },

  readNow(path, maxBytes, known) {
    try {
      if (!isReadable(path)) return 'unreadable';
      const before = statSync(path);
      if (!before.isFile()) return 'unreadable';
      if (isLike(before, known)) return 'unchanged';
      const file = openSync(path, 'r');
      try {
        const state = fstatSync(file);
        const { buffer, position, isWhole } = span(state.size, maxBytes);
        const bytesRead = readSync(file, buffer, 0, buffer.length, position);
        return found(state, buffer.subarray(0, bytesRead), isWhole);
      } finally {
        closeSync(file);
      }
    } catch {
      return 'unreadable';
    }
  },
};

function isLike(state: FileState, known: FileState | undefined): boolean {
  return known !== undefined && known.mtimeMs === state.mtimeMs && known.size === state.size;
}

function span(size: number, maxBytes: number): { buffer: Buffer; position: number; isWhole: boolean } {
  const isWhole = size <= maxBytes;
  const length = isWhole ? size : Math.min(size, END_BYTES);
  return { buffer: Buffer.alloc(length), position: size - length, isWhole };
}

function found({ mtimeMs, size }: FileState, bytes: Buffer, isWhole: boolean): FileText {
  return { mtimeMs, size, text: bytes.toString('utf8'), isWhole };
}
