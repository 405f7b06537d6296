import type { EventOptions } from '../../client/capture-options';
import { safeCopy } from '../../context/safe-copy';
import type { ScopeStore } from './scope';

/** What a scope is told of one event alone. */
export class EventData implements ScopeStore {
  private data: Record<string, unknown> = {};

  get(): Readonly<Record<string, unknown>> {
    return this.data;
  }

  merge(given: Record<string, unknown>): void {
    const { tags, extra } = this.data;
    this.data = {
      ...this.data,
      ...given,
      tags: { ...safeCopy(tags), ...safeCopy(given.tags) },
      extra: { ...safeCopy(extra), ...safeCopy(given.extra) },
    };
  }

  /** The same as a capture takes it. */
  options(): EventOptions {
    const { tags, extra, fingerprint, ...data } = this.data;
    return {
      data,
      tags: safeCopy(tags),
      extra: safeCopy(extra),
      ...(Array.isArray(fingerprint) && { fingerprint: fingerprint as string[] }),
    };
  }
}
