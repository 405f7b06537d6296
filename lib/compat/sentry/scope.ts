import type { BreadcrumbOptions } from '../../client/capture-options';
import type { User } from '../../protocol/event';
import type { EventProcessor } from './event-processor';
import type { SeverityLevel } from './severity';

/** Where a {@link Scope} keeps what it is told: a client's context, or what goes along with one event. */
export interface ScopeStore {
  /** What was told so far, by the keys of the wire. */
  get(): Readonly<Record<string, unknown>>;
  /** Adds to it; `tags` and `extra` key by key. */
  merge(data: Record<string, unknown>): void;
}

/** A breadcrumb as Sentry's clients take one. */
export interface ScopeBreadcrumb extends Omit<BreadcrumbOptions, 'timestamp' | 'processor'> {
  /** Seconds since the epoch; default now. */
  timestamp?: number;
}

/** What Sentry's clients for JavaScript call a scope, as far as errors are concerned. */
export class Scope {
  /**
   * @param record - takes the breadcrumbs
   * @param processors - what event processors are added to
   */
  constructor(
    private readonly store: ScopeStore,
    private readonly record: (crumb: BreadcrumbOptions) => void,
    private readonly processors: EventProcessor[],
  ) {}

  /** Adds a tag; its value becomes a string. */
  setTag(key: string, value: unknown): this {
    return this.setTags({ [key]: value });
  }

  /** Adds tags, key by key. */
  setTags(tags: Record<string, unknown>): this {
    return this.merge({ tags });
  }

  /** Adds to the extra, which may be any data. */
  setExtra(key: string, extra: unknown): this {
    return this.setExtras({ [key]: extra });
  }

  /** Adds to the extra, key by key. */
  setExtras(extra: Record<string, unknown>): this {
    return this.merge({ extra });
  }

  /** What nest-raven's documentation calls {@link setExtra}. */
  addExtra(key: string, extra: unknown): this {
    return this.setExtra(key, extra);
  }

  /** Says who is concerned, in place of who was known; null is nobody. */
  setUser(user: User | null): this {
    return this.merge({ user: user ?? undefined });
  }

  /** Says how bad it is; it wins over what decorators and captures say. */
  setLevel(level: SeverityLevel): this {
    return this.merge({ level });
  }

  /** Replaces what groups the event. */
  setFingerprint(fingerprint: readonly string[]): this {
    return this.merge({ fingerprint: [...fingerprint] });
  }

  /** Sets a context of the event by its name; null takes it away. */
  setContext(name: string, context: Record<string, unknown> | null): this {
    const { contexts } = this.store.get();
    const { [name]: _, ...others } = (contexts ?? {}) as Record<string, unknown>;
    return this.merge({ contexts: context ? { ...others, [name]: context } : others });
  }

  /** Names what was running, in place of route, field or pattern. */
  setTransactionName(transaction: string): this {
    return this.merge({ transaction, transaction_info: { source: 'custom' } });
  }

  /** Records a step that led to the event; without message and data it is refused with a line in the log. */
  addBreadcrumb({ timestamp, ...crumb }: ScopeBreadcrumb): this {
    this.record({
      ...crumb,
      ...(timestamp !== undefined && { timestamp: new Date(timestamp * 1000) }),
    });
    return this;
  }

  /** Has events pass through a function, after those that were added before. */
  addEventProcessor(processor: EventProcessor): this {
    this.processors.push(processor);
    return this;
  }

  private merge(data: Record<string, unknown>): this {
    this.store.merge(data);
    return this;
  }
}
