import type { ClientLogger } from 'nestjs-raven';

const nothing = (): void => {};

/** For tests in which nobody reads the log. */
export const silentLogger: ClientLogger = { debug: nothing, log: nothing, warn: nothing, error: nothing };

/** A logger whose lines a test can read. */
export function recordingLogger(): ClientLogger & { lines: string[] } {
  const lines: string[] = [];
  const record =
    (level: string) =>
    (message: string): void => {
      lines.push(`${level}: ${message}`);
    };
  return { lines, debug: record('debug'), log: record('log'), warn: record('warn'), error: record('error') };
}
