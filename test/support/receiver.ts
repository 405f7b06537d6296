import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { freePort } from './free-port';

/** One item as the receiver read it; `payload` is parsed JSON, or the bytes where it is no JSON object. */
export interface ReceivedItem {
  headers: Record<string, unknown> & { type: string };
  payload: Record<string, unknown> | Buffer;
}

/** An envelope as the receiver read it. */
export interface ReceivedEnvelope {
  headers: Record<string, unknown>;
  items: ReceivedItem[];
}

/**
 * An event as it was on the wire. Nothing is checked: what a test reads is written as if it were there, so that
 * a test of something missing fails where it reads it.
 */
export interface ReceivedEvent {
  event_id: string;
  timestamp: number;
  level: string;
  platform: string;
  transaction: string;
  transaction_info: { source: string };
  logentry: { message: string; formatted?: string; params?: unknown };
  tags: Record<string, string>;
  extra: Record<string, unknown>;
  user: Record<string, unknown>;
  fingerprint: string[];
  modules: Record<string, string>;
  contexts: Record<string, Record<string, unknown>>;
  breadcrumbs: { values: { message?: string; [key: string]: unknown }[] };
  request: {
    url: string;
    method: string;
    query_string?: string;
    headers: Record<string, string>;
    [key: string]: unknown;
  };
  exception: {
    values: {
      type: string;
      value: string;
      mechanism: Record<string, unknown>;
      stacktrace: { frames: { [key: string]: unknown }[] };
    }[];
  };
  threads: { values: { stacktrace: { frames: { [key: string]: unknown }[] } }[] };
  [key: string]: unknown;
}

/** The message of the error that an event is about. */
export function errorOf(event: ReceivedEvent): string | undefined {
  return event.exception?.values.at(-1)?.value;
}

/** One request, whatever was answered. */
export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Header names and values as they came, in order. */
  rawHeaders: string[];
  /** The body as it was sent, still encoded. */
  rawBody: Buffer;
  /** The body after gunzip. */
  body: Buffer;
  /** Set where the body is an envelope. */
  envelope?: ReceivedEnvelope;
  /** The event of the envelope, or the body of a request to `/store/`. */
  event?: ReceivedEvent;
  /** What was wrong with the body, if it could not be read. */
  malformed?: string;
}

/** What to answer; `hang` never answers, `reset` destroys the socket. */
export type Answer =
  { status?: number; headers?: Record<string, string | string[]>; body?: string | Buffer } | 'hang' | 'reset';

/** Decides the answer to one request; may wait. */
export type Respond = (request: ReceivedRequest) => Answer | Promise<Answer>;

export interface ReceiverOptions {
  /** Port on 127.0.0.1; a free one unless given. */
  port?: number;
  /** As `respondWith`, from the start. */
  respond?: Respond;
}

/** A Sentry-like server of our own for tests: real HTTP on 127.0.0.1. */
export interface Receiver {
  /** `http://127.0.0.1:PORT`, no closing slash. */
  url: string;
  port: number;
  /** A DSN of this server with key `public`; `secret` adds one. */
  dsn(projectId?: string, secret?: string): string;
  /** Every request, in order of arrival, also those answered with an error. */
  requests: ReceivedRequest[];
  /** Envelopes answered with 2xx. */
  envelopes: ReceivedEnvelope[];
  /** Events (of envelopes and of `/store/`) answered with 2xx, in the order in which they were captured: they come in any. */
  events: ReceivedEvent[];
  /** Resolves to the accepted events as soon as there are at least `count` in all; rejects after the time. */
  waitForEvents(count: number, timeoutMs?: number): Promise<ReceivedEvent[]>;
  /** Resolves to the accepted envelopes as soon as there are at least `count` in all; rejects after the time. */
  waitForEnvelopes(count: number, timeoutMs?: number): Promise<ReceivedEnvelope[]>;
  /** Resolves to all requests as soon as there were at least `count`; rejects after the time. */
  waitForRequests(count: number, timeoutMs?: number): Promise<ReceivedRequest[]>;
  /** Answers as the function says from now on; without one: 200 and the event's id. */
  respondWith(respond?: Respond): void;
  /** Sockets open now. */
  connectionCount(): Promise<number>;
  /** Destroys every socket and stops listening. */
  close(): Promise<void>;
}

const NEWLINE = 0x0a;

/** Reads an envelope strictly: lengths in bytes, one newline after each item, nothing after the last. */
export function parseEnvelope(body: Buffer): ReceivedEnvelope {
  let position = 0;
  const line = (): Buffer => {
    const end = body.indexOf(NEWLINE, position);
    const found = body.subarray(position, end < 0 ? body.length : end);
    position = end < 0 ? body.length : end + 1;
    return found;
  };
  const header = (): Record<string, unknown> => {
    const value: unknown = JSON.parse(line().toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('header is no object');
    return value as Record<string, unknown>;
  };
  const envelope: ReceivedEnvelope = { headers: header(), items: [] };
  while (position < body.length) {
    const headers = header();
    if (typeof headers['type'] !== 'string') throw new Error('item without type');
    let bytes: Buffer;
    if (typeof headers['length'] === 'number') {
      const end = position + headers['length'];
      if (end > body.length) throw new Error(`item of ${headers['length']} bytes is cut`);
      if (end < body.length && body[end] !== NEWLINE) throw new Error('no newline after the item');
      bytes = body.subarray(position, end);
      position = end + 1;
    } else {
      bytes = line();
    }
    envelope.items.push({ headers: headers as ReceivedItem['headers'], payload: payloadOf(headers, bytes) });
  }
  return envelope;
}

function payloadOf(headers: Record<string, unknown>, bytes: Buffer): ReceivedItem['payload'] {
  if (headers['type'] === 'attachment') return bytes;
  if (bytes.includes(NEWLINE)) throw new Error('JSON payload on several lines');
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null) return bytes;
  return value as Record<string, unknown>;
}

function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => resolve(Buffer.concat(chunks)));
    message.on('error', reject);
    message.on('close', () => reject(new Error('request was cut')));
  });
}

function understand(message: IncomingMessage, rawBody: Buffer): ReceivedRequest {
  const request: ReceivedRequest = {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    rawBody,
    body: rawBody,
  };
  try {
    if (message.headers['content-encoding'] === 'gzip') request.body = gunzipSync(rawBody);
    const path = request.path.split('?')[0];
    if (path.endsWith('/envelope/') || path.endsWith('/stream')) {
      request.envelope = parseEnvelope(request.body);
      const item = request.envelope.items.find((candidate) => candidate.headers.type === 'event');
      if (item !== undefined && !Buffer.isBuffer(item.payload)) request.event = item.payload as ReceivedEvent;
    } else if (path.endsWith('/store/')) {
      request.event = JSON.parse(request.body.toString('utf8')) as ReceivedEvent;
    }
  } catch (error) {
    request.malformed = String(error);
  }
  return request;
}

function accept(request: ReceivedRequest): Answer {
  if (request.malformed !== undefined)
    return { status: 400, body: JSON.stringify({ detail: request.malformed }) };
  const id = request.envelope?.headers['event_id'] ?? request.event?.event_id;
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(id ? { id } : {}) };
}

/** Puts an event behind those that are not of a later time. */
function putInOrder(event: ReceivedEvent, events: ReceivedEvent[]): void {
  events.splice(events.findLastIndex(({ timestamp }) => !(timestamp > event.timestamp)) + 1, 0, event);
}

/** Starts a receiver; it listens when the promise resolves. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  let respond: Respond = options.respond ?? accept;
  const requests: ReceivedRequest[] = [];
  const envelopes: ReceivedEnvelope[] = [];
  const events: ReceivedEvent[] = [];
  const waiting = new Set<() => void>();

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = understand(message, await readBody(message));
    requests.push(request);
    waiting.forEach((check) => check());
    const answer = await respond(request);
    if (answer === 'hang') return;
    if (answer === 'reset') return void message.socket.destroy();
    const status = answer.status ?? 200;
    if (status >= 200 && status < 300) {
      if (request.envelope !== undefined) envelopes.push(request.envelope);
      if (request.event !== undefined) putInOrder(request.event, events);
    }
    response.writeHead(status, answer.headers);
    response.end(answer.body ?? '');
    waiting.forEach((check) => check());
  };
  const server = createServer((message, response) => {
    serve(message, response).catch(() => message.socket.destroy());
  });
  // What leaves a connection open must not be helped by the server's closing it.
  server.keepAliveTimeout = 60_000;
  // A port that nobody else gets while this receiver is away.
  const port = options.port ?? (await freePort());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  const waitFor = <T>(what: string, list: T[], count: number, timeoutMs: number): Promise<T[]> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        waiting.delete(check);
      };
      const check = (): void => {
        if (list.length < count) return;
        settle();
        resolve(list);
      };
      const timer = setTimeout(() => {
        settle();
        reject(new Error(`${list.length} of ${count} ${what} came within ${timeoutMs} ms`));
      }, timeoutMs);
      waiting.add(check);
      check();
    });

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    dsn: (projectId = '1', secret = '') =>
      `http://public${secret && `:${secret}`}@127.0.0.1:${port}/${projectId}`,
    requests,
    envelopes,
    events,
    waitForEvents: (count, timeoutMs = 30_000) => waitFor('events', events, count, timeoutMs),
    waitForEnvelopes: (count, timeoutMs = 30_000) => waitFor('envelopes', envelopes, count, timeoutMs),
    waitForRequests: (count, timeoutMs = 30_000) => waitFor('requests', requests, count, timeoutMs),
    respondWith: (next = accept) => void (respond = next),
    connectionCount: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
