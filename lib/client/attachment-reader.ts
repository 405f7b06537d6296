import { runQuietly } from '../context/scope';
import { safeRead, safeString } from '../event/safe-read';
import { forget, isThenable } from '../event/thenable';
import type { ReadAttachment } from './attachment';
import { attachmentName, attachmentType } from './attachment-names';
import { readBoundedFile, readBoundedFileNow } from './bounded-file';
import { errorText } from './error-text';
import { inTime } from './in-time';

/** Sentry keeps no more of one event. */
const MAX_ATTACHMENTS = 30;
const READ_WITHIN_MS = 5000;
/** Of a file, where reading it blocks. */
const MAX_BYTES_NOW = 1024 * 1024;

/** Bytes, or a promise of them; what it throws says why there are none. */
type Read = (attachment: unknown, maxBytes: number) => Uint8Array | Promise<Uint8Array>;

/** What an {@link AttachmentReader} needs. */
export interface AttachmentReaderOptions {
  /** Of all attachments of one event. */
  maxBytes: number;
  /** Called with a line for the log. */
  warn: (message: string) => void;
}

/**
 * Reads what goes along with an event. Whatever an app gives, it neither throws nor waits longer than 5 s: what cannot
 * be read, or is too large, is left out, and one line in the log says so.
 */
export class AttachmentReader {
  /** What is read for one event is handed over before the next one's: so the bound holds for all that is in memory. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: AttachmentReaderOptions) {}

  /** @returns a promise only where something has to be waited for; it never rejects */
  read(given: unknown): ReadAttachment[] | Promise<ReadAttachment[]> {
    const list = listOf(given);
    const read: Read = (attachment, maxBytes) => this.bytesOf(attachment, maxBytes);
    if (list.every(isAtHand)) return this.collect(list, read);
    const reading = this.last.then(() => this.collect(list, read));
    this.last = reading;
    return reading;
  }

  /** What can be had without waiting: no large files, and no functions that return promises. */
  readNow(given: unknown): ReadAttachment[] {
    const result = this.collect(listOf(given), bytesNow);
    return result instanceof Promise ? [] : result;
  }

  /** One after the other, so that the bound holds for what is in memory, too. */
  private collect(list: unknown[], read: Read): ReadAttachment[] | Promise<ReadAttachment[]> {
    const kept: ReadAttachment[] = [];
    const leftOut: string[] = [];
    let left = this.options.maxBytes;
    const take = (attachment: unknown, bytes: Uint8Array): void => {
      if (bytes.byteLength > left) throw new RangeError(`it has ${bytes.byteLength} bytes`);
      left -= bytes.byteLength;
      const isText = typeof safeRead(attachment, 'data') === 'string';
      kept.push({
        filename: attachmentName(attachment),
        contentType: attachmentType(attachment, isText),
        bytes,
      });
    };
    const leave = (attachment: unknown, error: unknown): void => {
      leftOut.push(`${attachmentName(attachment)} (${errorText(error)})`);
    };
    const from = (start: number): Promise<void> | undefined => {
      for (let index = start; index < list.length; index++) {
        const attachment = list[index];
        try {
          if (index >= MAX_ATTACHMENTS) throw new RangeError(`more than ${MAX_ATTACHMENTS}`);
          const bytes = read(attachment, left);
          if (!(bytes instanceof Promise)) {
            take(attachment, bytes);
            continue;
          }
          return bytes
            .then((later) => take(attachment, later))
            .catch((error: unknown) => leave(attachment, error))
            .then(() => from(index + 1));
        } catch (error) {
          leave(attachment, error);
        }
      }
      if (leftOut.length > 0) this.options.warn(`an event goes without attachments: ${leftOut.join(', ')}`);
      return undefined;
    };
    const waiting = from(0);
    return waiting ? waiting.then(() => kept) : kept;
  }

  private bytesOf(attachment: unknown, maxBytes: number): Uint8Array | Promise<Uint8Array> {
    const data = dataOf(attachment);
    if (isThenable(data)) return inTime(Promise.resolve(data).then(asBytes), READ_WITHIN_MS);
    if (data !== undefined) return asBytes(data);
    return inTime(readBoundedFile(pathOf(attachment), maxBytes), READ_WITHIN_MS);
  }
}

function bytesNow(attachment: unknown, maxBytes: number): Uint8Array {
  const data = dataOf(attachment);
  if (isThenable(data)) {
    forget(data);
    throw new Error('it would have to be waited for');
  }
  if (data !== undefined) return asBytes(data);
  return readBoundedFileNow(pathOf(attachment), Math.min(maxBytes, MAX_BYTES_NOW));
}

function isAtHand(attachment: unknown): boolean {
  const data = safeRead(attachment, 'data');
  return typeof data === 'string' || data instanceof Uint8Array;
}

/** What is given as a list, by index: it may be hostile. */
function listOf(given: unknown): unknown[] {
  const length = Array.isArray(given) ? Number(safeRead(given, 'length')) : 0;
  return Array.from({ length: Math.min(length, 2 * MAX_ATTACHMENTS) }, (_, index) => safeRead(given, index));
}

/** What was given as data, or what its function gives; undefined where there is none. */
function dataOf(attachment: unknown): unknown {
  const data = safeRead(attachment, 'data');
  return typeof data === 'function' ? (runQuietly(() => Reflect.apply(data, undefined, [])) ?? null) : data;
}

function pathOf(attachment: unknown): string {
  const path = safeString(attachment, 'path');
  if (path === undefined) throw new TypeError('neither data nor a path was given');
  return path;
}

function asBytes(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  throw new TypeError('its data is neither bytes nor a text');
}
