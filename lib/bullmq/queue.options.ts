import type { ConnectionOptions } from 'bullmq';
import { describeValue } from '../describe-value';
import { hasMethods, isFilledText, isPlainObject, isText } from '../value-kinds';
import { expects, type OptionCheck } from '../check-options';

/** Which queue events go through: the same for those who capture and those who forward. */
export interface QueueOptions {
  /**
   * Redis or Valkey: a URL (`redis://`, `rediss://`), options of ioredis, or a client of the app's own, which is used
   * as it is and never closed. Default `REDIS_URL`, else localhost.
   */
  connection?: string | ConnectionOptions | undefined;
  /** Name of the queue. Default `nestjs-raven`. */
  queueName?: string | undefined;
  /** What BullMQ's keys begin with. Default `bull`, as BullMQ's own. */
  prefix?: string | undefined;
}

/** The queue, with what was not given filled in. */
export type Queueing = Required<QueueOptions>;

const LOCAL_REDIS = 'redis://localhost:6379';

/** @param env - gives `REDIS_URL` */
export function resolveQueue(given: QueueOptions, env: NodeJS.ProcessEnv = process.env): Queueing {
  return {
    connection: given.connection ?? (env.REDIS_URL?.trim() || LOCAL_REDIS),
    queueName: given.queueName ?? 'nestjs-raven',
    prefix: given.prefix ?? 'bull',
  };
}

const KEY_PREFIX = 'has a keyPrefix, which BullMQ cannot work with; expected the option "prefix"';

/** What is wrong with a connection, or nothing. */
export const checkConnection: OptionCheck = (value) => {
  if (isText(value)) return checkUrl(value);
  if (hasMethods(value, ['connect', 'disconnect', 'duplicate'])) return checkClient(value);
  if (!isPlainObject(value)) {
    return `is ${describeValue(value)}; expected a URL such as redis://HOST:6379, options of ioredis or a client of it`;
  }
  if (value['keyPrefix'] !== undefined) return KEY_PREFIX;
  return value['url'] === undefined ? undefined : checkUrl(value['url']);
};

/** The checks of {@link QueueOptions}. */
export const QUEUE_CHECKS: { [Option in keyof Required<QueueOptions>]: OptionCheck } = {
  connection: checkConnection,
  queueName: expects(
    'a name without a colon that is not empty',
    (value) => isFilledText(value) && !value.includes(':'),
  ),
  prefix: expects('a text that is not empty', isFilledText),
};

function checkClient(client: unknown): string | undefined {
  const { status, options } = client as { status?: unknown; options?: unknown };
  if (!hasMethods(client, ['eval', 'ping', 'on', 'off']) || !isText(status)) {
    return 'is a client of another kind; expected one of ioredis';
  }
  const { keyPrefix, redisOptions } = (isPlainObject(options) ? options : {}) as Record<string, unknown>;
  const ofNodes = isPlainObject(redisOptions) ? redisOptions['keyPrefix'] : undefined;
  return keyPrefix || ofNodes ? KEY_PREFIX : undefined;
}

/** Whatever the URL is, nothing of it gets into the message but its scheme: it may hold a password anywhere. */
function checkUrl(value: unknown): string | undefined {
  const scheme = isText(value) && URL.canParse(value) ? new URL(value).protocol : undefined;
  if (scheme === 'redis:' || scheme === 'rediss:') return undefined;
  const what = scheme === undefined ? 'is no URL' : `is a URL of ${scheme}//`;
  return `${what}; expected one such as redis://:PASSWORD@HOST:6379/0 or rediss://HOST:6380`;
}
