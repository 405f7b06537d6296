import type { LoggerService } from '@nestjs/common';

const tell = (message: unknown, ...rest: unknown[]): void => {
  if (rest.at(-1) === 'Raven') process.stdout.write(`${String(message)}\n`);
};

/** Prints what the client says, and nothing of the errors that all these apps are full of. */
export const logger: LoggerService = { log: tell, warn: tell, error: tell };
