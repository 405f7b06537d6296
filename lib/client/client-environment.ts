import { Logger } from '@nestjs/common';
import type { ClassOf } from '../raven.options';

/** Where a client says what it does; Nest's `Logger` is one. */
export interface ClientLogger {
  debug(message: string): void;
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a client takes from outside; tests give their own. */
export interface ClientEnvironment {
  logger: ClientLogger;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
  /** Environment variables. */
  env: NodeJS.ProcessEnv;
  /** The project's root: what frames' file names are relative to. */
  root: string;
  /** Gives the instance of a custom processor or event type, where a container has it; else it is made with `new Class(client)`. */
  instantiate?: <T>(type: ClassOf<T>) => T | undefined;
  /** Whether an event is built, and handed over, before its capture returns. Default: later where nobody has to wait for it. */
  buildsAtOnce?: boolean | undefined;
}

/** The real environment. */
export function processEnvironment(): ClientEnvironment {
  return {
    logger: new Logger('Raven'),
    now: Date.now,
    random: Math.random,
    env: process.env,
    root: process.cwd(),
  };
}
