import type { Dsn } from '../protocol/dsn';
import { spotlightUrl } from '../protocol/spotlight-url';
import type { ResolvedOptions } from '../raven.options';
import { Account } from '../transport/account';
import { HttpTransport } from '../transport/http.transport';
import { SpotlightTransport } from '../transport/spotlight.transport';
import type { Transport } from '../transport/transport';
import { InvalidOptionsError } from '../validate-options';
import type { ClientEnvironment, ClientLogger } from './client-environment';
import { errorText } from './error-text';
import { GuardedTransport } from './guarded-transport';

/** The way to the server, and to Spotlight, that the options ask for. */
export interface Transports {
  /** To the server; undefined without a DSN, which disables a transport of the app's own too. */
  main: GuardedTransport | undefined;
  /** To Spotlight, which also gets what sampling keeps from the server. */
  spotlight: GuardedTransport | undefined;
  spotlightUrl?: string;
}

/**
 * Makes the transports.
 *
 * @param account - where everything is counted, by the client and by its transport alike
 * @throws InvalidOptionsError where the app's own class makes no transport
 */
export function createTransports(
  options: ResolvedOptions,
  dsn: Dsn | undefined,
  environment: ClientEnvironment,
  account: Account,
): Transports {
  const logger = transportLogger(environment.logger, options.debug);
  const main = mainTransport(options, dsn, environment, logger, account);
  const { url, warning } = spotlightUrl(
    options.spotlight,
    environment.env.SENTRY_SPOTLIGHT,
    environment.env.NODE_ENV,
  );
  if (warning !== undefined) environment.logger.warn(warning);
  const spotlight = url === undefined ? undefined : new SpotlightTransport({ url, logger });
  const failed = (error: unknown): void => logger.error(`the transport failed: ${errorText(error)}`);
  return {
    main: main && new GuardedTransport(main, account, failed, options.maxQueueLength),
    // A copy: what happens to it is counted nowhere.
    spotlight: spotlight && new GuardedTransport(spotlight, new Account(), () => undefined, Infinity),
    spotlightUrl: url,
  };
}

function mainTransport(
  options: ResolvedOptions,
  dsn: Dsn | undefined,
  { now, random }: ClientEnvironment,
  logger: Pick<ClientLogger, 'debug' | 'warn' | 'error'>,
  account: Account,
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
    spool: options.spool,
    sendClientReports: options.sendClientReports,
    account,
    wallClock: now,
    random,
  };
  if (options.transport) {
    const Custom = options.transport as new (given: typeof settings) => Transport;
    return checked(new Custom(settings), Custom.name);
  }
  return new HttpTransport(settings);
}

/** A class tells what it makes only when it has made it. */
function checked(made: Transport, name: string): Transport {
  const missing = (['send', 'flush', 'close'] as const).filter(
    (method) => typeof made[method] !== 'function',
  );
  if (missing.length === 0) return made;
  throw new InvalidOptionsError(
    `RavenModule: the option "transport" is the class ${name}, whose instances have no ${missing.join(', ')}; expected send, flush and close`,
  );
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
