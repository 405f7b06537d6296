import { runQuietly } from '../context/scope';
import type { ClientLogger } from './client-environment';

/**
 * The same logger, but one that throws does no harm, and what is captured while it writes is not reported:
 * an app's logger that reports what it logs would otherwise be told of its own report's failure, for ever.
 */
export function harmlessLogger(logger: ClientLogger): ClientLogger {
  const harmless = (level: keyof ClientLogger) => (message: string) => {
    try {
      runQuietly(() => logger[level](message));
    } catch {
      // Nobody is left to be told.
    }
  };
  return {
    debug: harmless('debug'),
    log: harmless('log'),
    warn: harmless('warn'),
    error: harmless('error'),
  };
}
