import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseEnvelope, type ReceivedItem } from '../../support/receiver';
import { DATE_IN_A_SECOND, type Behaviour, type Ledger, type Phase } from './behaviour';

/** A key and its certificate, PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/** Whom a server over TLS is, and whom it says to be with a wrong certificate. */
export interface Identities {
  expected: Identity;
  stranger: Identity;
}

/** How long a server waits for a port that something else has taken while it was away. */
const LISTEN_AGAIN_MS = 20;
/** Far more than a client should read of an answer. */
const ENDLESS_BYTES = 2 * 1024 * 1024;

/** None of those that the system gives out: while this server is away, nobody else must get its port. */
function anyPort(): number {
  return 20_000 + Math.floor(Math.random() * 10_000);
}

/** A Sentry-like server that misbehaves as it is told, and knows what it took. */
export class ScriptedServer {
  readonly #listener: Server;
  readonly #connected: (socket: Socket) => void;
  readonly #impostor: ((socket: Socket) => void) | undefined;
  readonly #sockets = new Set<Socket>();
  /** Answers that wait for the end of a phase. */
  readonly #held: { behaviour: Behaviour; response: ServerResponse; id: string | undefined }[] = [];
  readonly #ledger: Ledger = { accepted: {}, refused: {}, reported: {}, malformed: [], requests: 0 };
  #behaviour: Behaviour = { kind: 'healthy' };
  #port = anyPort();
  #hasListened = false;
  #next?: NodeJS.Timeout;
  #isClosed = false;

  private constructor(identities: Identities | undefined) {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      // A connection that breaks is what this server is for.
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      this.#serve(request, response);
    };
    const serving = (identity?: Identity): ((socket: Socket) => void) => {
      const server = identity ? createHttpsServer(identity, serve) : createHttpServer(serve);
      server.on('clientError', (_: Error, socket: Socket) => socket.destroy());
      server.on('tlsClientError', (_: Error, socket: Socket) => socket.destroy());
      return (socket) => void server.emit('connection', socket);
    };
    this.#connected = serving(identities?.expected);
    this.#impostor = identities && serving(identities.stranger);
    this.#listener = createServer((socket) => this.#connect(socket));
  }

  /** A server that is healthy and listens on 127.0.0.1. @param identities - none: no TLS */
  static async open(identities?: Identities): Promise<ScriptedServer> {
    const server = new ScriptedServer(identities);
    await server.#listen();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Goes through the phases one after another, whatever was played before; the last behaviour stays. */
  play(phases: readonly Phase[]): void {
    clearTimeout(this.#next);
    const [phase, ...rest] = phases;
    if (phase === undefined || this.#isClosed) return;
    this.#enter(phase.behaviour);
    if (rest.length > 0) this.#next = setTimeout(() => this.play(rest), phase.durationMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#next);
    this.#listener.close();
    this.#destroySockets();
  }

  #enter(behaviour: Behaviour): void {
    const before = this.#behaviour;
    this.#behaviour = behaviour;
    for (const held of this.#held.splice(0)) this.#release(held);
    const isAway = behaviour.kind === 'refuse' || behaviour.kind === 'vanish';
    if (isAway) this.#listener.close();
    else if (!this.#listener.listening) void this.#listen();
    const isOtherIdentity = before.kind === 'wrongCertificate' || behaviour.kind === 'wrongCertificate';
    if (behaviour.kind === 'vanish' || isOtherIdentity) this.#destroySockets();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      const retry = (): void => {
        if (!this.#hasListened) this.#port = anyPort();
        setTimeout(listen, LISTEN_AGAIN_MS);
      };
      const listen = (): void => {
        // Away again meanwhile.
        if (this.#isClosed || this.#behaviour.kind === 'refuse' || this.#behaviour.kind === 'vanish') {
          this.#listener.off('error', retry);
          return resolve();
        }
        if (this.#listener.listening) return resolve();
        this.#listener.listen(this.#port, '127.0.0.1', () => {
          this.#listener.off('error', retry);
          this.#hasListened = true;
          resolve();
        });
      };
      this.#listener.on('error', retry);
      listen();
    });
  }

  #connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    const { kind } = this.#behaviour;
    if (this.#behaviour.kind === 'reset' && this.#behaviour.during === 'connect') {
      socket.resetAndDestroy();
    } else if (kind === 'wrongCertificate') {
      if (this.#impostor) this.#impostor(socket);
      else socket.destroy();
    } else {
      this.#connected(socket);
    }
  }

  #destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#ledger.requests += 1;
    const behaviour = this.#behaviour;
    if (behaviour.kind === 'reset' && behaviour.during !== 'answer') {
      request.once('data', () => reset(request));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const id = this.#read(request, Buffer.concat(chunks));
      this.#answer(behaviour, request, response, id);
    });
  }

  /** @returns the event's id; undefined where there is none */
  #read(request: IncomingMessage, body: Buffer): string | undefined {
    try {
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const { headers, items } = parseEnvelope(plain);
      const event = items.find((item) => item.headers.type === 'event');
      const id = (event?.payload as { event_id?: unknown } | undefined)?.event_id;
      if (event !== undefined && (typeof id !== 'string' || id !== headers['event_id'])) {
        throw new Error(`the event ${String(id)} came as ${String(headers['event_id'])}`);
      }
      this.#reports.set(request, items);
      return id as string | undefined;
    } catch (error) {
      this.#ledger.malformed.push(String(error));
      return undefined;
    }
  }

  /** Items of requests that are not answered yet: reports count where they are accepted. */
  readonly #reports = new WeakMap<IncomingMessage, ReceivedItem[]>();

  #answer(
    behaviour: Behaviour,
    request: IncomingMessage,
    response: ServerResponse,
    id: string | undefined,
  ): void {
    switch (behaviour.kind) {
      case 'answer':
        return this.#reply(request, response, id, behaviour.status, behaviour.headers);
      case 'slow': {
        const text = JSON.stringify({ id });
        this.#accept(request, id);
        setTimeout(() => {
          response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
          response.flushHeaders();
          drip(response, text, behaviour.takesMs / 2 / text.length);
        }, behaviour.takesMs / 2);
        return;
      }
      case 'hang':
        this.#held.push({ behaviour, response, id });
        return;
      case 'reset':
        this.#accept(request, id);
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
        response.write('{"id":', () => reset(request));
        return;
      case 'garbage':
        return this.#garble(behaviour.what, request, response, id);
      case 'closeIdle':
        response.once('finish', () => setTimeout(() => request.socket.destroy(), behaviour.afterMs));
        return this.#reply(request, response, id, 200);
      default:
        return this.#reply(request, response, id, 200);
    }
  }

  #garble(
    what: 'bytes' | 'page' | 'endless',
    request: IncomingMessage,
    response: ServerResponse,
    id: string | undefined,
  ): void {
    if (what === 'bytes') {
      request.socket.end(Buffer.from('\u0000\u0001SSH-2.0-not-http\r\n\r\n'));
      return;
    }
    this.#accept(request, id);
    response.writeHead(200, { 'Content-Type': 'text/html', 'X-Sentry-Rate-Limits': 'garbage::,:;,-' });
    if (what === 'page') return void response.end('<html><body>Please log in to the network</body></html>');
    response.write('x'.repeat(ENDLESS_BYTES));
  }

  #reply(
    request: IncomingMessage,
    response: ServerResponse,
    id: string | undefined,
    status: number,
    given: Record<string, string> = {},
  ): void {
    const date = new Date(Date.now() + 1000).toUTCString();
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value === DATE_IN_A_SECOND ? date : value]),
    );
    if (status < 300) this.#accept(request, id);
    else if (status < 500 && id !== undefined) (this.#ledger.refused[id] ??= []).push(status);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(status < 300 ? { id } : { detail: `scripted ${status}` }));
  }

  #release({
    behaviour,
    response,
    id,
  }: {
    behaviour: Behaviour;
    response: ServerResponse;
    id?: string;
  }): void {
    if (behaviour.kind !== 'hang' || behaviour.finally === 'leave') return;
    if (behaviour.finally === 'reset') reset(response.req);
    else this.#reply(response.req, response, id, 200);
  }

  #accept(request: IncomingMessage, id: string | undefined): void {
    const { accepted, reported } = this.#ledger;
    if (id !== undefined) accepted[id] = (accepted[id] ?? 0) + 1;
    for (const { headers, payload } of this.#reports.get(request) ?? []) {
      if (headers.type !== 'client_report') continue;
      const { discarded_events: discarded } = payload as {
        discarded_events: { reason: string; category: string; quantity: number }[];
      };
      for (const { reason, category, quantity } of discarded) {
        if (category === 'error') reported[reason] = (reported[reason] ?? 0) + quantity;
      }
    }
  }
}

function reset(request: IncomingMessage): void {
  // Of a TLS socket the TCP one beneath cannot be reset.
  const { socket } = request;
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

function drip(response: ServerResponse, text: string, everyMs: number): void {
  if (text === '' || response.destroyed) return void response.end();
  response.write(text[0]);
  setTimeout(() => drip(response, text.slice(1), everyMs), everyMs);
}
