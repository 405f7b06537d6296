import type { Level } from '../protocol/event';

/** One line of a log, as a handler of {@link LogOptions.handlers} gets it. */
export interface LogLine {
  readonly level: Level;
  /** Name of the logger: Nest's context, pino's `context` or `name`. */
  readonly logger: string | undefined;
  /** The text; of an error that was logged without one, the error's. */
  readonly message: string;
  /** The error that was logged, wherever among the arguments it stood. */
  readonly error?: unknown;
  /** The stack that was logged as a text. */
  readonly stack?: string;
  /** What else was logged. */
  readonly params?: unknown;
}
