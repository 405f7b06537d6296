import type { RavenEvent } from '../protocol/event';
import type { EventHint } from './hooks';

/**
 * Adds to a finished event what takes time to find out, such as lines of source. Processors have seen the event
 * by then, `beforeSend` has not: whatever is added must be nothing that a processor would have to mask.
 */
export interface Enrichment {
  /** Called at the start where no event will wait. */
  prepare?(): void;

  /**
   * Adds to the event, in place.
   *
   * @returns undefined where all was at hand and is added; else a promise of that, which never rejects
   */
  enrich(event: RavenEvent, hint: EventHint): Promise<void> | undefined;

  /** Adds what can be had without waiting: for the last moment of a process, and for what must survive a crash. Never throws. */
  enrichNow(event: RavenEvent, hint: EventHint): void;
}
