import { createHash, randomUUID } from 'node:crypto';
import { fullJitter } from '../protocol/backoff';
import type { DataCategory } from '../protocol/item-category';
import type { RateLimitQuota } from '../protocol/rate-limits';
import type { RedisClient } from './redis-client';

/** What a worker may do now with a server. */
export interface Entry {
  /** Milliseconds for which nothing is sent; 0: it may be. */
  waitMs: number;
  /** Failures since the server was last reached, by any worker. */
  failures: number;
  /** Of the categories asked for. */
  limited: ReadonlySet<DataCategory>;
  /** Names the right to try while the server fails, should it have been given. */
  probe: string;
}

const DAY_MS = 86_400_000;
/** While one worker finds out whether the server is back, the others look again this often. */
const PROBE_AGAIN_MS = 500;

/** KEYS: pause, failures, probe, limit of all, limits of categories. ARGV: how long a probe takes at most, when to ask again, the probe's name. */
const ENTER = `
local waitMs = math.max(redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[4]), 0)
local failures = tonumber(redis.call('GET', KEYS[2])) or 0
local limited = {}
local free = 0
for i = 5, #KEYS do
  if redis.call('PTTL', KEYS[i]) > 0 then
    limited[#limited + 1] = i - 5
  else
    free = free + 1
  end
end
if waitMs == 0 and failures > 0 and free > 0 then
  if not redis.call('SET', KEYS[3], ARGV[3], 'NX', 'PX', ARGV[1]) then waitMs = tonumber(ARGV[2]) end
end
return { waitMs, failures, limited }`;

/** KEYS: pause, failures, probe. ARGV: failures before, pause, whether the server asked for it, how long failures are kept, the probe's name. */
const FAILED = `
if redis.call('GET', KEYS[3]) == ARGV[5] then redis.call('DEL', KEYS[3]) end
local before = tonumber(ARGV[1])
local isFirst = (tonumber(redis.call('GET', KEYS[2])) or 0) <= before
if isFirst then redis.call('SET', KEYS[2], before + 1, 'PX', ARGV[4]) end
if (isFirst or ARGV[3] == '1') and redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
end
return redis.call('PTTL', KEYS[1])`;

const REACHED = `return redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])`;

/** KEYS: probe. ARGV: its name. Another worker's is left. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/** KEYS: limits. ARGV: their milliseconds. The longest wins. */
const LIMIT = `
for i = 1, #KEYS do
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[i]) then redis.call('SET', KEYS[i], '1', 'PX', ARGV[i]) end
end`;

/** How a server does, as all workers of a queue know it together: kept in Redis, by its clock alone. */
export class SharedHealth {
  readonly #client: Pick<RedisClient, 'eval'>;
  readonly #base: string;
  readonly #probeMs: number;
  readonly #waitS: (failures: number) => number;

  /**
   * @param keyBase - what the keys begin with: the queue's own
   * @param server - what tells it from others; no part of it gets into a key
   * @param probeMs - how long an attempt takes at most
   * @param random - a number from 0 up to, not including, 1
   */
  constructor(
    client: Pick<RedisClient, 'eval'>,
    keyBase: string,
    server: string,
    probeMs: number,
    random: () => number,
  ) {
    this.#client = client;
    this.#base = `${keyBase}:raven:${createHash('sha256').update(server).digest('hex').slice(0, 16)}`;
    this.#probeMs = probeMs;
    this.#waitS = fullJitter(random);
  }

  /** Asks whether things of these categories may be sent. While the server fails, one worker at a time may try. */
  async enter(categories: readonly DataCategory[]): Promise<Entry> {
    const limits = categories.map((category) => this.#limitKey(category));
    const keys = [...this.#circuitKeys, this.#limitKey('all'), ...limits];
    const probe = randomUUID();
    const given = [this.#probeMs, PROBE_AGAIN_MS, probe];
    const [waitMs, failures, limited] = (await this.#run(ENTER, keys, given)) as [number, number, number[]];
    return { waitMs, failures, limited: new Set(limited.map((index) => categories[index])), probe };
  }

  /**
   * The server could not be reached, or could not take what it should: nobody sends for a while.
   *
   * @param entry - as {@link enter} told: what ran side by side is one failure
   * @param retryAfterS - the server's wish, of which at most a day is granted; else the back-off
   * @returns milliseconds until somebody may try again
   */
  async failed({ failures, probe }: Entry, retryAfterS?: number): Promise<number> {
    const isAsked = retryAfterS !== undefined && retryAfterS > 0;
    const waitS = isAsked ? retryAfterS : this.#waitS(failures + 1);
    const pauseMs = Math.max(1, Math.ceil(Math.min(waitS * 1000, DAY_MS)));
    const given = [failures, pauseMs, isAsked ? 1 : 0, 2 * DAY_MS, probe];
    return Math.max(1, Number(await this.#run(FAILED, this.#circuitKeys, given)));
  }

  /** Nothing was sent, so another worker may find out whether the server is back. */
  async release({ failures, probe }: Entry): Promise<void> {
    if (failures > 0) await this.#run(RELEASE, [`${this.#base}:probe`], [probe]);
  }

  /** The server answered. */
  async reached(): Promise<void> {
    await this.#run(REACHED, this.#circuitKeys, []);
  }

  /** Takes note of the limits of an answer. */
  async limit(quotas: readonly RateLimitQuota[]): Promise<void> {
    const limits = quotas.flatMap(({ categories, retryAfterS }) => {
      const forMs = retryAfterS * 1000;
      return (categories === 'all' ? (['all'] as const) : categories).map(
        (category) => [this.#limitKey(category), forMs] as const,
      );
    });
    if (limits.length === 0) return;
    await this.#run(
      LIMIT,
      limits.map(([key]) => key),
      limits.map(([, forMs]) => forMs),
    );
  }

  get #circuitKeys(): string[] {
    return ['pause', 'failures', 'probe'].map((name) => `${this.#base}:${name}`);
  }

  #limitKey(category: DataCategory | 'all'): string {
    return `${this.#base}:limit:${category}`;
  }

  #run(script: string, keys: readonly string[], given: readonly (number | string)[]): Promise<unknown> {
    return this.#client.eval(script, keys.length, ...keys, ...given);
  }
}
