import type { RawAxiosHeaders } from 'axios';
import { axiosPackage } from './axios-package';
import type { HttpAnswer, HttpExchange } from './http-client';
import { orAborted } from './or-aborted';
import { readAnyBody } from './read-body';

/** What axios, or an interceptor of the user's, gives for an answer. */
export interface RawAnswer {
  status?: unknown;
  headers?: unknown;
  data?: unknown;
}

/** One request by axios, which ends in time whatever an interceptor or adapter of the user's does. */
export class AxiosExchange implements HttpExchange {
  readonly answer: Promise<HttpAnswer>;
  readonly #controller = new AbortController();

  /** @param begin - begins it; its signal says that nobody waits any more */
  constructor(begin: (signal: AbortSignal) => Promise<RawAnswer>) {
    this.answer = read(begin, this.#controller.signal);
  }

  abandon(reason: Error): void {
    this.#controller.abort(reason);
  }
}

async function read(
  begin: (signal: AbortSignal) => Promise<RawAnswer>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const raw = await orAborted(answered(begin(signal)), signal);
  if (typeof raw.status !== 'number') throw new Error('axios gave no answer');
  const { status } = raw;
  const header = readHeaders(raw.headers);
  // The status has come, and it is what counts.
  const body = await orAborted(readAnyBody(raw.data), signal).catch(() => '');
  return { status, header, body };
}

/** An interceptor may turn an answer into an error; it is an answer all the same. */
async function answered(request: Promise<RawAnswer>): Promise<RawAnswer> {
  try {
    return await request;
  } catch (error) {
    const response = (error as { response?: RawAnswer } | null | undefined)?.response;
    if (response === undefined || response === null) throw error;
    return response;
  }
}

function readHeaders(raw: unknown): (name: string) => string | undefined {
  const { AxiosHeaders } = axiosPackage();
  let headers: InstanceType<typeof AxiosHeaders>;
  try {
    headers = AxiosHeaders.from(raw as RawAxiosHeaders);
  } catch {
    // What cannot be read as headers says nothing.
    headers = new AxiosHeaders();
  }
  return (name) => {
    const value: unknown = headers.get(name);
    if (Array.isArray(value)) return value.join(',');
    return typeof value === 'string' ? value : undefined;
  };
}
