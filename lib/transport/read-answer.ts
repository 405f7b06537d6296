import type { AxiosHeaders, RawAxiosHeaders } from 'axios';
import { axiosPackage } from './axios-package';
import { orAborted } from './or-aborted';
import { safeText } from './safe-text';
import type { Answer } from './send-result';
import { PROXY_WANTS_CREDENTIALS } from './tunnel-agent';

/** Enough for any reason; what comes after is read away. */
const KEPT_BYTES = 8 * 1024;
/** A server that writes more than that is cut off, at the price of its connection. */
const MAX_BYTES = 256 * 1024;

/** What axios, or an interceptor of the user's, gives for an answer. */
export interface RawAnswer {
  status?: unknown;
  headers?: unknown;
  data?: unknown;
}

/**
 * Reads what matters of an answer and the body to its end, so that the connection can be used again.
 *
 * @param signal - ends the reading of the body; the status has come then, and it is what counts
 * @returns `undefined` where it is no answer at all
 * @throws (rejects) where it is the answer of a proxy that wants credentials: the server was not asked
 */
export async function readAnswer(
  raw: RawAnswer,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { status } = raw;
  if (typeof status !== 'number') return undefined;
  const headers = readHeaders(raw.headers);
  const body = await orAborted(readBody(raw.data), signal).catch(() => '');
  if (status === 407) throw new Error(PROXY_WANTS_CREDENTIALS);
  const given = headers('x-sentry-error') ?? (status < 300 ? undefined : reasonOf(body));
  const reason = safeText(given, secrets);
  return {
    status,
    rateLimitHeader: headers('x-sentry-rate-limits'),
    retryAfter: headers('retry-after'),
    ...(reason === '' ? {} : { reason }),
  };
}

function readHeaders(raw: unknown): (name: string) => string | undefined {
  const headers = headersOf(raw);
  return (name) => {
    const value: unknown = headers.get(name);
    if (Array.isArray(value)) return value.join(',');
    return typeof value === 'string' ? value : undefined;
  };
}

/** What cannot be read as headers says nothing; the status still counts. */
function headersOf(raw: unknown): InstanceType<typeof AxiosHeaders> {
  const { AxiosHeaders: Headers } = axiosPackage();
  try {
    return Headers.from(raw as RawAxiosHeaders);
  } catch {
    return new Headers();
  }
}

/** An adapter of the user's may give anything; only streams and texts are read. */
async function readBody(data: unknown): Promise<string> {
  if (typeof data === 'string') return data.slice(0, KEPT_BYTES);
  if (typeof data !== 'object' || data === null || !(Symbol.asyncIterator in data)) return '';
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of data as AsyncIterable<Uint8Array>) {
      const part = Buffer.from(chunk);
      if (length < KEPT_BYTES) chunks.push(part.subarray(0, KEPT_BYTES - length));
      length += part.byteLength;
      // Leaving the loop destroys the stream.
      if (length > MAX_BYTES) break;
    }
  } catch {
    // The status came, and it is what counts.
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(body: string): string | undefined {
  try {
    const { detail, causes } = JSON.parse(body) as { detail?: unknown; causes?: unknown };
    const parts = [detail, ...(Array.isArray(causes) ? (causes as unknown[]) : [])];
    return parts.filter((part) => typeof part === 'string').join(': ');
  } catch {
    return undefined;
  }
}
