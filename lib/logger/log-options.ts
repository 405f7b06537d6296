import type { Level } from '../protocol/event';
import type { LogLine } from './log-line';

/** What becomes of a logger's lines. */
export interface LogOptions {
  /** Levels whose lines become events; those of all others are breadcrumbs. Default `error` and `fatal`. */
  eventLevels?: readonly Level[] | undefined;
  /** Loggers whose lines are neither: names, or patterns of names. */
  ignoreLoggers?: readonly (string | RegExp)[] | undefined;
  /** What is asked about the lines of a logger first, by the logger's name; true: nothing more is done with the line. */
  handlers?: Readonly<Record<string, (line: LogLine) => boolean | void>> | undefined;
}

/** The names of these options. */
export const LOG_OPTIONS = [
  'eventLevels',
  'ignoreLoggers',
  'handlers',
] as const satisfies (keyof LogOptions)[];
