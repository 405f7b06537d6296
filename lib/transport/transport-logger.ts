/** Where a transport says what it has to say; whoever gives it puts a name before the messages. */
export interface TransportLogger {
  debug(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The same logger, but one that throws does no harm. */
export function guardLogger(logger: TransportLogger): TransportLogger {
  const guard = (level: keyof TransportLogger) => (message: string) => {
    try {
      logger[level](message);
    } catch {
      // Nobody is left to be told.
    }
  };
  return { debug: guard('debug'), warn: guard('warn'), error: guard('error') };
}
