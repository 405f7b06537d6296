import type { EventOptions } from '../../client/capture-options';
import type { RavenEvent } from '../../protocol/event';

/** What an {@link EventProcessor} knows beside the event. */
export interface EventProcessorHint {
  /** What was thrown, as it was thrown; absent for messages. */
  originalException?: unknown;
}

/**
 * Sees an event before the client's processors mask secrets, and may change it, or drop it by returning null. It has to
 * be done when it returns: a promise loses the event.
 */
export type EventProcessor = (
  event: RavenEvent,
  hint: EventProcessorHint,
) => RavenEvent | null | undefined | void;

/** Several processors as the one that a capture takes; undefined for none. The list is read when the event is built. */
export function processorOf(
  processors: readonly EventProcessor[],
  hint: EventProcessorHint,
): EventOptions['processor'] {
  if (processors.length === 0) return undefined;
  return (event) => {
    let current: RavenEvent = event;
    for (const processor of processors) {
      const answer = processor(current, hint);
      if (answer === null) return null;
      // What is no event is complained of by who asked for the processing.
      if (answer !== undefined && (typeof answer !== 'object' || 'then' in answer)) return answer;
      current = answer ?? current;
    }
    return current;
  };
}
