import type { RavenEvent } from '../protocol/event';

/** An event that would have been sent. */
export interface RecordedReport {
  /** Name of the client that reported it; undefined: the unnamed one. */
  readonly client: string | undefined;
  readonly event: RavenEvent;
}
