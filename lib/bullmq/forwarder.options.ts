import { describeValue } from '../describe-value';
import { parseDsn, type Dsn } from '../protocol/dsn';
import type { AxiosOption } from '../transport/axios-client';
import type { TransportLogger } from '../transport/transport-logger';
import { InvalidOptionsError } from '../validate-options';
import { hasMethods, isFilledText, isPlainObject } from '../value-kinds';
import {
  aBoolean,
  aCount,
  aNumberFrom,
  aSize,
  checkOptions,
  expects,
  type OptionCheck,
} from '../check-options';
import { QUEUE_CHECKS, resolveQueue, type Queueing, type QueueOptions } from './queue.options';
import { givenClient } from './redis-client';

/** Everything a forwarder can be told. */
export interface ForwarderOptions extends QueueOptions {
  /** The project that events go to. Default `SENTRY_DSN`. */
  dsn?: string | undefined;
  /** The same for several projects, best of one server: while one of several cannot be reached, its jobs go round. */
  dsns?: string[] | undefined;
  /** Most envelopes that this worker sends at a time. Default 8. */
  concurrency?: number | undefined;
  /** An axios instance, or configuration for one (proxy, CA, agents). */
  axios?: AxiosOption | undefined;
  /** `store` for servers that do not know envelopes. Default `envelope`. */
  protocol?: 'envelope' | 'store' | undefined;
  /** For one attempt, in milliseconds. Default 10 000. */
  timeoutMs?: number | undefined;
  /** Answers 408, 425 or 5xx (but 502, 503, 504) after which an envelope goes to the dead letters. Default 10, at most 1000. */
  maxRejections?: number | undefined;
  /** How old an envelope may get, in milliseconds, before it goes to the dead letters. Default 7 days. */
  maxAgeMs?: number | undefined;
  /** Largest envelope, in bytes; a larger one goes to the dead letters. Default 10 MiB, as the transport's. */
  maxJobBytes?: number | undefined;
  /** Most dead letters that are kept; the oldest go. Default 10 000. */
  maxDeadLetters?: number | undefined;
  /** How long dead letters are kept, in milliseconds. Default 30 days: then servers take them no longer. */
  deadLetterMaxAgeMs?: number | undefined;
  /** How long a worker may be silent before others take over what it had, in milliseconds. Default 15 000, at least 1000. */
  recoverAfterMs?: number | undefined;
  /** How long a shutdown waits for envelopes under way; the rest is given back. Default 5000. */
  shutdownTimeoutMs?: number | undefined;
  /** Whether servers are told how many events were lost and why. Default true. */
  sendClientReports?: boolean | undefined;
  /** Default Nest's, with the context `RavenForwarder`. */
  logger?: TransportLogger | undefined;
}

/** The options in force. */
export interface ForwarderSettings extends Required<
  Omit<ForwarderOptions, 'dsn' | 'dsns' | 'axios' | keyof QueueOptions>
> {
  dsns: readonly Dsn[];
  axios?: AxiosOption | undefined;
  queueing: Queueing;
}

const DAY_MS = 86_400_000;
const SPEAKER = 'RavenForwarderModule';

const anAddress = expects('a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID', isFilledText);
const aDsn: OptionCheck = (value) => {
  if (!isFilledText(value)) return anAddress(value);
  try {
    parseDsn(value);
    return undefined;
  } catch (error) {
    return `cannot be used: ${(error as Error).message}`;
  }
};

const aWorkersConnection: OptionCheck = (value) => {
  const { options } = (givenClient(value as Queueing['connection']) ?? {}) as { options?: object };
  const { redisOptions, ...own } = (options ?? {}) as Record<string, unknown>;
  const { maxRetriesPerRequest } = { ...own, ...(redisOptions as object) } as Record<string, unknown>;
  return options === undefined || maxRetriesPerRequest === null
    ? undefined
    : `has maxRetriesPerRequest ${describeValue(maxRetriesPerRequest)}; expected null, without which a worker cannot wait for Redis`;
};

const CHECKS: { [Option in keyof Required<ForwarderOptions>]: OptionCheck } = {
  ...QUEUE_CHECKS,
  connection: (value) => QUEUE_CHECKS.connection(value) ?? aWorkersConnection(value),
  dsn: aDsn,
  dsns: (value) => {
    if (!Array.isArray(value) || value.length === 0) {
      return expects('a list of DSNs that is not empty', () => false)(value);
    }
    return (value as unknown[]).map(aDsn).find((complaint) => complaint !== undefined);
  },
  concurrency: aSize,
  axios: expects(
    'an axios instance or its configuration',
    (value) => isPlainObject(value) || hasMethods(value, ['request']),
  ),
  protocol: expects("'envelope' or 'store'", (value) => value === 'envelope' || value === 'store'),
  timeoutMs: aSize,
  // BullMQ itself gives a job up after a thousand attempts, and must not be first.
  maxRejections: aNumberFrom(1, 1000),
  maxAgeMs: aSize,
  maxJobBytes: aSize,
  maxDeadLetters: aCount,
  deadLetterMaxAgeMs: aSize,
  recoverAfterMs: aNumberFrom(1000, DAY_MS),
  shutdownTimeoutMs: aCount,
  sendClientReports: aBoolean,
  logger: expects('a logger with debug, warn and error', (value) =>
    hasMethods(value, ['debug', 'warn', 'error']),
  ),
};

/**
 * The options in force: what is given, else the environment (`SENTRY_DSN`, `REDIS_URL`), else the defaults.
 *
 * @param logger - where none is given
 * @throws InvalidOptionsError where an option is unknown or has a wrong value, or there is no DSN
 */
export function resolveForwarderOptions(
  given: ForwarderOptions,
  logger: TransportLogger,
  env: NodeJS.ProcessEnv = process.env,
): ForwarderSettings {
  checkOptions(SPEAKER, given, CHECKS);
  const { dsn, dsns = [], connection: _, queueName: __, prefix: ___, ...others } = given;
  const queueing = resolveQueue(given, env);
  const fromEnvironment = env.SENTRY_DSN?.trim();
  const all = [...(dsn === undefined ? [] : [dsn]), ...dsns];
  if (all.length === 0 && fromEnvironment) all.push(fromEnvironment);
  if (all.length === 0) {
    throw new InvalidOptionsError(
      `${SPEAKER}: there is no DSN; expected the option "dsn", "dsns" or the variable SENTRY_DSN`,
    );
  }
  // What came from the environment is held to the same rules.
  checkOptions<ForwarderOptions>(SPEAKER, { ...queueing, dsns: all }, CHECKS);
  return {
    concurrency: 8,
    protocol: 'envelope',
    timeoutMs: 10_000,
    maxRejections: 10,
    maxAgeMs: 7 * DAY_MS,
    maxJobBytes: 10 * 1024 * 1024,
    maxDeadLetters: 10_000,
    deadLetterMaxAgeMs: 30 * DAY_MS,
    recoverAfterMs: 15_000,
    shutdownTimeoutMs: 5000,
    sendClientReports: true,
    logger,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    dsns: all.map(parseDsn),
    queueing,
  };
}
