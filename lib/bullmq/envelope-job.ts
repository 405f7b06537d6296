import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isPlainObject, isText } from '../value-kinds';

/** What a job holds: an envelope as it goes on the wire, but for `sent_at`; gzip, base64. */
export interface EnvelopeJob {
  envelope: string;
}

/** What jobs are called. */
export const ENVELOPE_JOB = 'envelope';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

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
