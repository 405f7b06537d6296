import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RavenStats } from 'nestjs-raven';

/** What an app wrote down of itself. */
export interface JournalContent {
  /** Ids of events that were on their way to being sent: by their last hook. */
  begun: Set<string>;
  /** Ids of events whose capture had returned, and when. */
  captured: Map<string, bigint>;
  /** When the app began to end. */
  endingNs?: bigint;
  /** What `close` resolved to. */
  closed?: boolean;
  /** The last `client.stats()`. */
  stats?: RavenStats;
}

/**
 * A file in which an app writes down what it does, each line at once: what was written outlives a `kill -9`.
 * Times are of the system's monotonic clock, which all processes share.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
  }

  begun(id: string): void {
    this.#write(`begun ${id}`);
  }

  captured(id: string): void {
    this.#write(`captured ${id} ${process.hrtime.bigint()}`);
  }

  ending(): void {
    this.#write(`ending ${process.hrtime.bigint()}`);
  }

  closed(isDelivered: boolean): void {
    this.#write(`closed ${isDelivered}`);
  }

  stats(stats: RavenStats): void {
    this.#write(`stats ${JSON.stringify(stats)}`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: string): void {
    writeSync(this.#file, `${line}\n`);
  }
}

/** Reads a journal whose process has ended. */
export function readJournal(path: string): JournalContent {
  const content: JournalContent = { begun: new Set(), captured: new Map() };
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [what, ...rest] = line.split(' ');
    if (what === 'begun') content.begun.add(rest[0]);
    if (what === 'captured') content.captured.set(rest[0], BigInt(rest[1]));
    if (what === 'ending') content.endingNs ??= BigInt(rest[0]);
    if (what === 'closed') content.closed = rest[0] === 'true';
    if (what === 'stats') content.stats = JSON.parse(rest.join(' ')) as RavenStats;
  }
  return content;
}
