import type { RavenClient } from '../client/raven.client';
import type { LogOptions } from '../logger/log-options';
import { LogReporter } from '../logger/log-reporter';
import { validateLogOptions } from '../logger/validate-log-options';
import { levelOfLine, levelOfPino } from './pino-level';
import { PinoLine } from './pino-line';

const METADATA: unique symbol = Symbol.for('pino.metadata') as never;

/** A stream for pino that reports; see {@link ravenPinoStream}. */
export class RavenPinoStream {
  /** Has pino set what follows before each line. */
  readonly [METADATA] = true;
  lastLevel?: number | undefined;
  lastObj?: unknown;
  lastMsg?: unknown;
  lastLogger?: unknown;
  lastTime?: string | undefined;
  private readonly reporter: LogReporter;

  constructor(client: RavenClient, options: LogOptions) {
    this.reporter = new LogReporter(client, options, 'auto.log.pino');
  }

  /** Takes a line; never throws. */
  write(line: string): void {
    const { lastLevel, lastObj, lastMsg } = this;
    // Nothing is kept alive by a stream that waits for its next line.
    this.lastLevel = this.lastObj = this.lastMsg = this.lastLogger = undefined;
    const metadata = lastLevel === undefined ? undefined : { object: lastObj, message: lastMsg };
    const level = lastLevel === undefined ? levelOfLine(line) : levelOfPino(lastLevel);
    this.reporter.take(new PinoLine(line, level, metadata));
  }
}

/**
 * A stream for pino, in the process of the app: lines of the levels `error` and `fatal` become events, with the error
 * itself and in the context of the request; all others breadcrumbs. What was reported already is not reported again.
 *
 * `pino({}, pino.multistream([{ stream: process.stdout }, { stream: ravenPinoStream(client) }]))`; of nestjs-pino it is
 * `pinoHttp.stream`.
 *
 * @param client - who reports
 * @throws InvalidOptionsError where an option has a wrong value
 */
export function ravenPinoStream(client: RavenClient, options: LogOptions = {}): RavenPinoStream {
  validateLogOptions('ravenPinoStream', options);
  return new RavenPinoStream(client, options);
}
