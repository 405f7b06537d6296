import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isPlainObject, isText } from '../value-kinds';

/** What a job holds: an envelope as it goes on the wire, but for `sent_at`; gzip, base64. */
export interface EnvelopeJob {
  envelope: string;
  /** When it was last a dead letter that was sent again; milliseconds since the epoch. */
  retriedAtMs?: number;
  /** How often servers had refused it before that. */
  rejectionsBefore?: number;
}

/** What jobs are called. */
export const ENVELOPE_JOB = 'envelope';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The job of a dead letter that is sent again: its age and its rejections count from now on. */
export function markRetried(data: unknown, nowMs: number, rejections: number): EnvelopeJob | undefined {
  return isPlainObject(data) && isText(data['envelope'])
    ? { envelope: data['envelope'], retriedAtMs: nowMs, rejectionsBefore: rejections }
    : undefined;
}

/** Reads what {@link markRetried} wrote; 0 where there is nothing of it. */
export function readMark(data: unknown): Required<Omit<EnvelopeJob, 'envelope'>> {
  const { retriedAtMs, rejectionsBefore } = isPlainObject(data) ? data : {};
  return { retriedAtMs: countFrom(retriedAtMs), rejectionsBefore: countFrom(rejectionsBefore) };
}

function countFrom(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}

export async function packEnvelope(bytes: Buffer): Promise<EnvelopeJob> {
  return { envelope: (await compress(bytes)).toString('base64') };
}

/**
 * Reads back what {@link packEnvelope} wrote. What comes out of Redis may be anything, from anybody.
 *
 * @param maxBytes - of the envelope; a small job that would be huge is not unpacked
 * @returns `undefined` where it is no such thing; never rejects
 */
export async function unpackEnvelope(data: unknown, maxBytes: number): Promise<Buffer | undefined> {
  const packed = isPlainObject(data) && Object.hasOwn(data, 'envelope') ? data['envelope'] : undefined;
  if (!isText(packed)) return undefined;
  try {
    return await decompress(Buffer.from(packed, 'base64'), { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}
