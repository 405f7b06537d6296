import { DATA_CATEGORIES, type DataCategory } from './item-category';
import { LONGEST_RETRY_AFTER_S, parseRetryAfter, parseSeconds } from './retry-after';

/** How long all categories rest after a 429 that does not say for how long. */
const DEFAULT_LIMIT_S = 60;

const KNOWN: ReadonlySet<string> = new Set(DATA_CATEGORIES);

/** One quota of `X-Sentry-Rate-Limits` as far as a client needs it. */
export interface RateLimitQuota {
  /** Whole seconds, rounded up; 0 is no limit. */
  retryAfterS: number;
  /** The categories this client knows, maybe none; `all` where the server named none. */
  categories: DataCategory[] | 'all';
}

/** The parts of a server's answer that say what may be sent next. */
export interface RateLimitAnswer {
  status: number;
  /** `X-Sentry-Rate-Limits`; several lines are one list. */
  rateLimitHeader?: string | string[];
  /** `Retry-After`. */
  retryAfter?: string;
}

/**
 * Reads `X-Sentry-Rate-Limits`. Quotas whose number cannot be read are left out; scope, reason and whatever
 * follows do not matter to a client. Never throws.
 */
export function parseRateLimits(header: string | string[]): RateLimitQuota[] {
  const quotas: RateLimitQuota[] = [];
  for (const text of (Array.isArray(header) ? header.join(',') : header).split(',')) {
    const [number, names = ''] = text.split(':', 2);
    const retryAfterS = parseSeconds(number);
    if (retryAfterS === undefined) continue;
    quotas.push({ retryAfterS, categories: parseCategories(names) });
  }
  return quotas;
}

/** A list of unknown or empty names limits nothing; only a list that is not there means everything. */
function parseCategories(names: string): RateLimitQuota['categories'] {
  if (names.trim() === '') return 'all';
  return names
    .split(';')
    .map((name) => name.trim())
    .filter((name): name is DataCategory => KNOWN.has(name));
}

/**
 * Remembers what a server does not want for a while (Sentry's rate-limiting specification).
 *
 * The longest limit wins, within one answer and against earlier ones. Kept per server, in memory.
 */
export class RateLimits {
  readonly #now: () => number;
  readonly #wallClock: () => number;
  readonly #untilMs = new Map<DataCategory | 'all', number>();

  /**
   * @param now - monotonic clock in milliseconds: a step of the system's clock must not end or prolong a limit
   * @param wallClock - milliseconds since the epoch, for a `Retry-After` that is a date
   */
  constructor(now: () => number, wallClock: () => number = Date.now) {
    this.#now = now;
    this.#wallClock = wallClock;
  }

  /**
   * Takes note of an answer; to be called on every one, also 2xx. At most a day is granted.
   *
   * @returns the quotas that now apply because of it, empty where it limits nothing
   */
  update(answer: RateLimitAnswer): RateLimitQuota[] {
    const quotas = this.#read(answer)
      .filter(
        ({ retryAfterS, categories }) => retryAfterS > 0 && (categories === 'all' || categories.length > 0),
      )
      .map((quota) => ({ ...quota, retryAfterS: Math.min(quota.retryAfterS, LONGEST_RETRY_AFTER_S) }));
    for (const quota of quotas) {
      for (const category of quota.categories === 'all' ? (['all'] as const) : quota.categories) {
        const untilMs = this.#now() + quota.retryAfterS * 1000;
        this.#untilMs.set(category, Math.max(untilMs, this.#untilMs.get(category) ?? 0));
      }
    }
    return quotas;
  }

  /** Whether things of this category must be discarded now. Client reports (`internal`) heed only limits on all. */
  isLimited(category: DataCategory): boolean {
    return this.remainingMs(category) > 0;
  }

  /** Milliseconds until this category may be sent again; 0 where it may be sent now. */
  remainingMs(category: DataCategory): number {
    const own = category === 'internal' ? 0 : (this.#untilMs.get(category) ?? 0);
    const untilMs = Math.max(own, this.#untilMs.get('all') ?? 0);
    return untilMs === 0 ? 0 : Math.max(0, untilMs - this.#now());
  }

  #read(answer: RateLimitAnswer): RateLimitQuota[] {
    const quotas = answer.rateLimitHeader === undefined ? [] : parseRateLimits(answer.rateLimitHeader);
    if (quotas.length > 0 || answer.status !== 429) return quotas;
    const retryAfterS = parseRetryAfter(answer.retryAfter, this.#wallClock()) ?? DEFAULT_LIMIT_S;
    return [{ retryAfterS, categories: 'all' }];
  }
}
