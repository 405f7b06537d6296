import { safeRead, safeString } from '../safe-read';
import { constraintsIn } from './class-validator-error';
import type { DetailOptions, ErrorKind } from './error-kind';
import { ownProperties, plainDetail } from './own-properties';
import { issuesIn } from './zod-error';
import { isPlainMapping } from './plain-mapping';

/** What Nest makes of an exception by itself. */
const USUAL = new Set(['statusCode', 'message', 'error']);

/** Nest's exceptions over HTTP: the status, and what the client was to be told beyond the message. */
export const httpException: ErrorKind = {
  matches: (error) =>
    typeof safeRead(error, 'getStatus') === 'function' &&
    typeof safeRead(error, 'getResponse') === 'function',
  details(error, options) {
    const { status, response: _response, ...others } = ownProperties(error, options);
    return {
      status,
      ...others,
      ...responseOf(safeRead(error, 'response'), safeString(error, 'message'), options),
    };
  },
};

function responseOf(
  response: unknown,
  message: string | undefined,
  options: DetailOptions,
): Record<string, unknown> {
  const fields =
    constraintsIn(response) ??
    constraintsIn(safeRead(response, 'message')) ??
    constraintsIn(safeRead(response, 'errors')) ??
    issuesIn(safeRead(response, 'errors'));
  if (fields) return { fields };
  if (response === message || !isPlainMapping(response))
    return { response: response === message ? undefined : plainDetail(response, options) };
  const told = plainDetail(response, options) as Record<string, unknown>;
  const isUsual =
    safeRead(response, 'message') === message && Object.keys(told).every((key) => USUAL.has(key));
  return { response: isUsual ? undefined : told };
}
