import { basename } from 'node:path';
import { safeString } from '../event/safe-read';

const MAX_NAME_LENGTH = 200;
const CONTENT_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}(?:; ?charset=[\w-]{1,32})?$/;

/** What an attachment is called: one line, no path; `attachment` where nothing is left of it. */
export function attachmentName(attachment: unknown): string {
  const given = safeString(attachment, 'filename') ?? safeString(attachment, 'path') ?? '';
  const name = basename(given.replaceAll('\\', '/'))
    .replaceAll(/\p{Cc}/gu, '')
    .slice(-MAX_NAME_LENGTH);
  return name === '' || name === '.' || name === '..' ? 'attachment' : name;
}

/** The type that was given, where it is one. */
export function attachmentType(attachment: unknown, isText: boolean): string {
  const given = safeString(attachment, 'contentType');
  if (given !== undefined && CONTENT_TYPE.test(given)) return given;
  return isText ? 'text/plain' : 'application/octet-stream';
}
