import type { Dsn } from '../protocol/dsn';
import { spotlightUrl } from '../protocol/spotlight-url';
import type { ResolvedOptions } from '../raven.options';
import { HttpTransport } from '../transport/http.transport';
import { SpotlightTransport } from '../transport/spotlight.transport';
import type { Transport } from '../transport/transport';
import type { ClientEnvironment, ClientLogger } from './client-environment';

/** The way to the server, and to Spotlight, that the options ask for. */
export interface Transports {
  /** To the server; undefined without a DSN and without a transport of the app's own. */
  main: Transport | undefined;
  /** To Spotlight, which also gets what sampling keeps from the server. */
  spotlight: Transport | undefined;
}

export function createTransports(
  options: ResolvedOptions,
  dsn: Dsn | undefined,
  environment: ClientEnvironment,
): Transports {
  const logger = transportLogger(environment.logger, options.debug);
  const main = mainTransport(options, dsn, logger);
  const { url, warning } = spotlightUrl(
    options.spotlight,
    environment.env.SENTRY_SPOTLIGHT,
    environment.env.NODE_ENV,
  );
  if (warning !== undefined) environment.logger.warn(warning);
  const spotlight = url === undefined ? undefined : new SpotlightTransport({ url, logger });
  return { main, spotlight };
}

function mainTransport(
  options: ResolvedOptions,
  dsn: Dsn | undefined,
  logger: Pick<ClientLogger, 'debug' | 'warn' | 'error'>,
): Transport | undefined {
  if (!dsn) return undefined;
  if (typeof options.transport === 'object') return options.transport;
  const settings = {
    dsn,
    protocol: options.protocol,
    axios: options.axios,
    logger,
    maxQueueLength: options.maxQueueLength,
    maxQueueBytes: options.maxQueueBytes,
  };
  if (options.transport) {
    const Custom = options.transport as new (given: typeof settings) => Transport;
    return new Custom(settings);
  }
  return new HttpTransport(settings);
}

function transportLogger(
  logger: ClientLogger,
  debug: boolean,
): Pick<ClientLogger, 'debug' | 'warn' | 'error'> {
  return {
    debug: (message) => {
      if (debug) logger.debug(message);
    },
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}
