import type { RavenEvent } from '../protocol/event';

/**
 * Looks at every event before it leaves and may change it, as raven-python's processors do.
 *
 * By the time a processor runs, the event is plain JSON data: no getters, cycles or class instances.
 * It may change the event in place, return another one, or return nothing to keep the one it was given.
 * A processor that throws loses its event: a half-done redaction must not leave the process.
 */
export interface Processor {
  process(event: RavenEvent): RavenEvent | void;
}

/** A processor as a plain function. */
export type ProcessorFunction = (event: RavenEvent) => RavenEvent | void;

/** What a processor may know of the client it is made for. */
export interface ProcessorClient {
  readonly options: {
    /** What the SanitizeKeysProcessor masks: any key that contains one of these. */
    readonly sanitizeKeys?: readonly string[];
  };
}
