import { StringDecoder } from 'node:string_decoder';
import { Writable } from 'node:stream';
import { RavenClient } from '../client/raven.client';
import { LOG_OPTIONS, type LogOptions } from '../logger/log-options';
import { LogReporter } from '../logger/log-reporter';
import { validateLogOptions } from '../logger/validate-log-options';
import type { RavenOptions } from '../raven.options';
import { levelOfLine } from './pino-level';
import { PinoLine } from './pino-line';

/** Options of the transport: the client's, and what becomes of lines; what goes to a worker can have no functions. */
export type RavenPinoTransportOptions = RavenOptions & Omit<LogOptions, 'handlers'>;

/** What pino puts among the options for itself. */
const OF_PINO: ReadonlySet<string> = new Set(['$context', 'pinoWillSendConfig', 'levels', 'dedupe']);
/** Not longer than this without an end: what is no log does not fill the memory. */
const MAX_LINE_LENGTH = 4 * 1024 * 1024;

/** A transport for pino, which runs it in a worker: it has a client of its own, and is done when that has delivered. */
export class RavenPinoTransport extends Writable {
  private readonly client: RavenClient;
  private readonly reporter: LogReporter;
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(options: RavenPinoTransportOptions) {
    super({ autoDestroy: true });
    const log: LogOptions = {};
    const own: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(options)) {
      if (OF_PINO.has(key)) continue;
      if (LOG_OPTIONS.some((name) => name === key)) Object.assign(log, { [key]: value });
      else own[key] = value;
    }
    validateLogOptions('nestjs-raven/pino', log);
    // The process is the app's; the worker ends when this stream has.
    this.client = new RavenClient({ installProcessHandlers: false, ...own });
    this.reporter = new LogReporter(this.client, log, 'auto.log.pino');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE_LENGTH) this.rest = '';
    for (const line of lines) this.take(line);
    done();
  }

  override _final(done: () => void): void {
    this.take(this.rest + this.decoder.end());
    // `raiseSendErrors` rejects; an error of a stream would be the app's.
    const end = (): void => done();
    void this.client.close().then(end, end);
  }

  /** Waits for what was logged to be delivered; pino calls it for `logger.flush(callback)`. */
  flush(done: () => void): void {
    const end = (): void => done();
    void this.client.flush().then(end, end);
  }

  private take(line: string): void {
    if (line.trim() !== '') this.reporter.take(new PinoLine(line, levelOfLine(line)));
  }
}

/**
 * For `pino({ transport: { target: 'nestjs-raven/pino', options: { dsn } } })`: lines of the levels `error` and `fatal`
 * become events, in a worker. There nothing is known of requests, nor of what the app's own client has reported: in an
 * app with `RavenModule`, {@link ravenPinoStream} is the one to take.
 *
 * @throws InvalidOptionsError where an option is unknown or has a wrong value
 */
export function ravenPinoTransport(options: RavenPinoTransportOptions = {}): RavenPinoTransport {
  return new RavenPinoTransport(options);
}
